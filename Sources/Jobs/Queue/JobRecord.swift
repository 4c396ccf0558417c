package import Basics
package import Storage

/// A job as the database has it.
package struct JobRecord: Sendable, Hashable {
    package let id: JobID
    package let kind: String
    package let lane: Lane
    package let payload: JSONValue
    package var progress: JobProgress
    package let uniqueKey: String?
    package let concurrencyKey: String?
    package let priority: Int
    /// The delivery that asked for it.
    package let delivery: Int64?
    /// The worker that has or last had it.
    package let owner: String?
    package let beat: Int64
    package let createdAt: Timestamp
    package let endedAt: Timestamp?
    package let lastError: String?

    package static let columns = """
        id, kind, lane, payload, state, attempt, max_attempts, losses, fence, run_at, open_needs, unique_key, concurrency_key,
        priority, delivery, owner, beat, created_at, ended_at, last_error
        """

    package init(_ row: Row) throws {
        id = JobID(rawValue: try row.text("id"))
        kind = try row.text("kind")
        lane = Lane(rawValue: try row.text("lane"))
        payload = try JSONValue(parsing: row.text("payload").utf8)
        progress = try Self.progress(row)
        uniqueKey = try row.optionalText("unique_key")
        concurrencyKey = try row.optionalText("concurrency_key")
        priority = Int(clamping: try row.integer("priority"))
        delivery = try row.optionalInteger("delivery")
        owner = try row.optionalText("owner")
        beat = try row.integer("beat")
        createdAt = Timestamp(microseconds: try row.integer("created_at"))
        endedAt = try row.optionalInteger("ended_at").map { Timestamp(microseconds: $0) }
        lastError = try row.optionalText("last_error")
    }

    private static func progress(_ row: Row) throws -> JobProgress {
        guard let state = JobState(rawValue: try row.text("state")) else {
            throw DatabaseError.unexpectedRow(column: "state", expected: "a job state")
        }
        return JobProgress(
            state: state, attempt: Int(clamping: try row.integer("attempt")), maxAttempts: Int(clamping: try row.integer("max_attempts")),
            losses: Int(clamping: try row.integer("losses")), fence: try row.integer("fence"),
            runAt: Timestamp(microseconds: try row.integer("run_at")), openNeeds: Int(clamping: try row.integer("open_needs")))
    }
}
