import Basics
import Storage

/// A job that is queued again and again, by whichever process comes first.
package struct RecurringJob: Sendable {
    package let name: String
    package let every: Duration
    /// Also when a process starts, not only when its time has come.
    package let runsAtStart: Bool
    /// Should have a `uniqueKey`: a slow run is then not overtaken by the next.
    package let request: JobRequest

    package init(name: String, every: Duration, runsAtStart: Bool = false, request: JobRequest) {
        self.name = name
        self.every = every
        self.runsAtStart = runsAtStart
        self.request = request
    }
}

extension JobStore {
    /// Queues the job if its time has come; the row's lock makes one process do it.
    func queueIfDue(_ job: RecurringJob, id: JobID, force: Bool) throws -> Bool {
        let next = now + job.every
        let inserted = try transaction.execute(
            "INSERT INTO recurring_jobs (name, next_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            [.text(job.name), .integer(next.microseconds)])
        if inserted == 0 {
            let sql = "SELECT next_at FROM recurring_jobs WHERE name = ? \(dialect.forUpdate)"
            guard let row = try transaction.query(sql, [.text(job.name)]).first else { return false }
            let due = Timestamp(microseconds: try row.integer("next_at"))
            // A time further off than one round was written before the clock was set back.
            guard force || due <= now || due > next else { return false }
            let values: [SQLValue] = [.integer(next.microseconds), .text(job.name)]
            try transaction.execute("UPDATE recurring_jobs SET next_at = ? WHERE name = ?", values)
        }
        if case .queued = try enqueue(job.request, id: id, delivery: nil) { return true }
        return false
    }
}
