import Basics
import Storage

/// Statements over the job tables, inside somebody's transaction. Every change of a job goes through `JobProgress`.
struct JobStore {
    static let open = "('available', 'scheduled', 'retrying', 'running')"
    static let waiting = "('available', 'scheduled', 'retrying')"

    let transaction: any Transaction
    let dialect: SQLDialect
    let now: Timestamp

    func job(_ id: JobID) throws -> JobRecord? {
        try transaction.query("SELECT \(JobRecord.columns) FROM jobs WHERE id = ? \(dialect.forUpdate)", [.text(id.rawValue)]).first
            .map { try JobRecord($0) }
    }

    /// Carries the event out on the job and on those that need it. `error` is kept for people.
    @discardableResult
    func apply(_ event: JobEvent, to id: JobID, error: String? = nil) throws -> JobAction {
        guard let job = try job(id) else { return .refuse(.ended) }
        return try apply(event, to: job, error: error)
    }

    func apply(_ event: JobEvent, to job: JobRecord, error: String? = nil) throws -> JobAction {
        var records = [job.id: job]
        return try apply([JobChange(event: event, job: job.id, error: error)], &records).first ?? .refuse(.ended)
    }

    /// Many at once, in a handful of statements however many there are; one action for each.
    func apply(_ changes: [JobChange]) throws -> [JobAction] {
        var records = try jobs(changes.map(\.job))
        return try apply(changes, &records)
    }

    /// `records` holds the jobs as the database has them, held until the end of this transaction.
    private func apply(_ changes: [JobChange], _ records: inout [JobID: JobRecord]) throws -> [JobAction] {
        let actions = try carryOut(changes, &records)
        var work = try dependents(of: ended(changes, actions), records)
        while !work.isEmpty {
            records = try jobs(work.map(\.job))
            work = try dependents(of: ended(work, carryOut(work, &records)), records)
        }
        return actions
    }

    private func carryOut(_ changes: [JobChange], _ records: inout [JobID: JobRecord]) throws -> [JobAction] {
        var changed: [JobChange] = []
        var states: [JobRecord] = []
        let actions = changes.map { change -> JobAction in
            guard var record = records[change.job] else { return .refuse(.ended) }
            let action = record.progress.handle(change.event)
            switch action {
            case .refuse, .carryOn: break
            case .start, .wait, .end:
                records[change.job] = record
                changed.append(change)
                states.append(record)
            }
            return action
        }
        try save(states, errors: changed.map(\.error))
        return actions
    }

    private func ended(_ changes: [JobChange], _ actions: [JobAction]) -> [JobID] {
        zip(changes, actions).filter { $0.1 == .end }.map(\.0.job)
    }

    /// Lets a failed or cancelled job run again, unless an open one with its unique key does the same work already.
    func runAgain(_ id: JobID) throws -> JobAction {
        guard let job = try job(id) else { return .refuse(.ended) }
        if let key = job.uniqueKey {
            let sql = "SELECT 1 AS found FROM jobs WHERE unique_key = ? AND id <> ? AND state IN \(Self.open)"
            if try !transaction.query(sql, [.text(key), .text(id.rawValue)]).isEmpty { return .refuse(.running) }
        }
        return try apply(.runAgain(at: now), to: job)
    }

    /// What those hear that wait for jobs that ended now.
    private func dependents(of ended: [JobID], _ records: [JobID: JobRecord]) throws -> [JobChange] {
        if ended.isEmpty { return [] }
        let sql = "SELECT job, needs, if_fails FROM job_needs WHERE needs IN (\(places(ended.count))) AND is_open = 1 ORDER BY job, needs"
        let open = try transaction.query(sql, ended.map { .text($0.rawValue) })
        if open.isEmpty { return [] }
        _ = try transaction.execute("UPDATE job_needs SET is_open = 0 WHERE needs = ?", each: ended.map { [.text($0.rawValue)] })
        return try open.map { row in
            let need = JobID(rawValue: try row.text("needs"))
            let succeeded = records[need]?.progress.state == .succeeded
            let policy = FailedNeedPolicy(rawValue: try row.text("if_fails")) ?? .cancel
            return JobChange(
                event: .needEnded(succeeded: succeeded, policy: policy), job: JobID(rawValue: try row.text("job")),
                error: succeeded ? nil : "job \(need) did not succeed")
        }
    }

    /// In one order everywhere: two transactions that want the same jobs then wait for each other and never for ever.
    private func jobs(_ ids: [JobID]) throws -> [JobID: JobRecord] {
        if ids.isEmpty { return [:] }
        let sql = "SELECT \(JobRecord.columns) FROM jobs WHERE id IN (\(places(ids.count))) ORDER BY id \(dialect.forUpdate)"
        let rows = try transaction.query(sql, ids.map { .text($0.rawValue) })
        return Dictionary(try rows.map { try JobRecord($0) }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    private func places(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

    /// The database was put back from a backup: what was done after it is not in its rows.
    func isRestored() throws -> Bool { try !transaction.query("SELECT 1 AS found FROM keys WHERE name = 'restored'").isEmpty }

    private func save(_ jobs: [JobRecord], errors: [String?]) throws {
        if jobs.isEmpty { return }
        let sql = """
            UPDATE jobs SET state = ?, attempt = ?, losses = ?, fence = ?, run_at = ?, open_needs = ?, ended_at = ?, last_error = ?
            WHERE id = ?
            """
        let rows = zip(jobs, errors).map { job, error -> [SQLValue] in
            let progress = job.progress
            return [
                .text(progress.state.rawValue), .integer(progress.attempt), .integer(progress.losses), .integer(progress.fence),
                .integer(progress.runAt.microseconds), .integer(progress.openNeeds),
                progress.state.isEnded ? .integer(now.microseconds) : .null, .text(error ?? job.lastError), .text(job.id.rawValue),
            ]
        }
        _ = try transaction.execute(sql, each: rows)
        let entries = zip(jobs, errors).map { job, error in
            var detail: [String: JSONValue] = ["kind": .string(job.kind), "attempt": .integer(Int64(job.progress.attempt))]
            if let error { detail["error"] = .string(error) }
            return AuditEntry(
                action: "job." + job.progress.state.rawValue, subject: job.concurrencyKey ?? job.uniqueKey ?? job.kind, job: job.id,
                detail: detail)
        }
        try AuditLog.append(entries, at: now, in: transaction)
    }
}

/// One event on its way to one job.
struct JobChange: Sendable {
    let event: JobEvent
    let job: JobID
    /// Kept for people.
    let error: String?
}
