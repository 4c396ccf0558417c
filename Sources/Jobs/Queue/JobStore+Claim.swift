import Basics
import Storage

extension JobStore {
    /// Takes up to `limit` jobs that may start now, best first, never two of one concurrency key.
    func claim(lane: Lane, kinds: [String], limit: Int, owner: String) throws -> [JobRecord] {
        if kinds.isEmpty || limit < 1 { return [] }
        let places = Array(repeating: "?", count: kinds.count).joined(separator: ", ")
        let sql = """
            SELECT \(JobRecord.columns) FROM jobs WHERE lane = ? AND state IN \(Self.waiting) AND run_at <= ? AND open_needs = 0
            AND kind IN (\(places)) AND (concurrency_key IS NULL OR NOT EXISTS (
                SELECT 1 FROM jobs other WHERE other.concurrency_key = jobs.concurrency_key AND other.state = 'running'))
            ORDER BY priority DESC, run_at, id LIMIT ? \(dialect.skipLocked)
            """
        let values: [SQLValue] = [.text(lane.rawValue), .integer(now.microseconds)] + kinds.map { .text($0) } + [.integer(limit)]
        var keys: Set<String> = []
        let found = try transaction.query(sql, values).map { try JobRecord($0) }
        return try start(found.filter { $0.concurrencyKey.map { keys.insert($0).inserted } ?? true }, owner: owner)
    }

    /// Starts those of `found` that may start.
    func start(_ found: [JobRecord], owner: String) throws -> [JobRecord] {
        let started = found.compactMap { job -> JobRecord? in
            var job = job
            guard case .start = job.progress.handle(.claim(at: now)) else { return nil }
            return job
        }
        if started.isEmpty { return [] }
        let sql = "UPDATE jobs SET state = 'running', attempt = ?, fence = ?, owner = ?, beat = 0 WHERE id = ?"
        let rows = started.map { job -> [SQLValue] in
            [.integer(job.progress.attempt), .integer(job.progress.fence), .text(owner), .text(job.id.rawValue)]
        }
        _ = try transaction.execute(sql, each: rows)
        return started
    }

    /// Tells the database that these are being worked on; those that are not ours any more.
    func beat(_ leases: [LeaseKey]) throws -> [LeaseKey] {
        let sql = "UPDATE jobs SET beat = beat + 1 WHERE id = ? AND fence = ? AND state = 'running'"
        let changed = try transaction.execute(sql, each: leases.map { [.text($0.id.rawValue), .integer($0.fence)] })
        return zip(leases, changed).filter { $0.1 == 0 }.map(\.0)
    }

    /// Throws unless the lease still holds; holds it until the end of this transaction.
    func require(_ lease: LeaseKey) throws {
        let sql = "SELECT 1 AS held FROM jobs WHERE id = ? AND fence = ? AND state = 'running' \(dialect.forUpdate)"
        let rows = try transaction.query(sql, [.text(lease.id.rawValue), .integer(lease.fence)])
        if rows.isEmpty { throw JobAction.Refusal.leaseLost }
    }

    func running() throws -> [LeaseSighting] {
        try transaction.query("SELECT id, fence, beat FROM jobs WHERE state = 'running'", []).map { row in
            LeaseSighting(
                lease: LeaseKey(id: JobID(rawValue: try row.text("id")), fence: try row.integer("fence")), beat: try row.integer("beat"))
        }
    }

    /// Frees a job whose worker was not heard of, unless it was heard of since.
    func free(_ sighting: LeaseSighting, retryAt: Timestamp) throws -> Bool {
        guard let job = try job(sighting.lease.id), job.beat == sighting.beat else { return false }
        let event = JobEvent.loseWorker(fence: sighting.lease.fence, retryAt: retryAt)
        if case .refuse = try apply(event, to: job, error: "its worker vanished") { return false }
        return true
    }
}
