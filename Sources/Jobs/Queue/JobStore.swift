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
        var first: JobAction?
        var work: [(JobEvent, JobRecord, String?)] = [(event, job, error)]
        while let (event, record, error) = work.popLast() {
            var progress = record.progress
            let action = progress.handle(event)
            first = first ?? action
            switch action {
            case .refuse, .carryOn: continue
            case .start, .wait, .end: try save(progress, of: record, error: error)
            }
            if action == .end { work += try dependents(of: record.id, succeeded: progress.state == .succeeded) }
        }
        return first ?? .refuse(.ended)
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

    /// Jobs that wait for this one and hear of its end now.
    private func dependents(of id: JobID, succeeded: Bool) throws -> [(JobEvent, JobRecord, String?)] {
        let open = try transaction.query("SELECT job, if_fails FROM job_needs WHERE needs = ? AND is_open = 1", [.text(id.rawValue)])
        if open.isEmpty { return [] }
        try transaction.execute("UPDATE job_needs SET is_open = 0 WHERE needs = ?", [.text(id.rawValue)])
        return try open.compactMap { row in
            let policy = FailedNeedPolicy(rawValue: try row.text("if_fails")) ?? .cancel
            guard let record = try job(JobID(rawValue: row.text("job"))) else { return nil }
            return (.needEnded(succeeded: succeeded, policy: policy), record, succeeded ? nil : "job \(id) did not succeed")
        }
    }

    /// The database was put back from a backup: what was done after it is not in its rows.
    func isRestored() throws -> Bool { try !transaction.query("SELECT 1 AS found FROM keys WHERE name = 'restored'").isEmpty }

    private func save(_ progress: JobProgress, of job: JobRecord, error: String?) throws {
        let sql = """
            UPDATE jobs SET state = ?, attempt = ?, losses = ?, fence = ?, run_at = ?, open_needs = ?, ended_at = ?, last_error = ?
            WHERE id = ?
            """
        try transaction.execute(
            sql,
            [
                .text(progress.state.rawValue), .integer(progress.attempt), .integer(progress.losses), .integer(progress.fence),
                .integer(progress.runAt.microseconds), .integer(progress.openNeeds),
                progress.state.isEnded ? .integer(now.microseconds) : .null, .text(error ?? job.lastError), .text(job.id.rawValue),
            ])
        var detail: [String: JSONValue] = ["kind": .string(job.kind), "attempt": .integer(Int64(progress.attempt))]
        if let error { detail["error"] = .string(error) }
        let entry = AuditEntry(
            action: "job." + progress.state.rawValue, subject: job.concurrencyKey ?? job.uniqueKey ?? job.kind, job: job.id, detail: detail)
        try AuditLog.append(entry, at: now, in: transaction)
    }
}
