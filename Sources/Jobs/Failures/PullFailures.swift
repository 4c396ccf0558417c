import Basics
import FailureAnalysis
import Forge
import Storage

/// What is broken on one pull request now: the source of its one comment.
struct PullFailures: Sendable, Hashable, Codable {
    struct Entry: Sendable, Hashable, Codable {
        let attempt: RunAttempt
        let run: IncidentRecord.Occurrence
        /// Empty when the job is green.
        let accounts: [FailureAccount]
    }

    /// By job. Green jobs stay, so that an older failure that arrives late is known to be old.
    var jobs: [String: Entry] = [:]
    /// A comment of ours stands there, or is about to.
    var isTold = false

    var broken: [(job: String, entry: Entry)] {
        jobs.filter { !$0.value.accounts.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether anything changed that the comment tells. What somebody asks for is taken again.
    mutating func take(_ job: FinishedRun.Job, of run: IncidentRecord.Occurrence, isAskedFor: Bool = false) -> Bool {
        let accounts: [FailureAccount]
        switch job.outcome {
        case .failed(let causes): accounts = causes
        case .succeeded: accounts = []
        case .cancelled, .skipped: return false
        }
        let name = job.attempt.job
        if let known = jobs[name], job.attempt.isOlder(than: known.attempt) || job.attempt == known.attempt && !isAskedFor { return false }
        let wasBroken = jobs[name]?.accounts.isEmpty == false
        jobs[name] = Entry(attempt: job.attempt, run: run, accounts: accounts)
        if !accounts.isEmpty { isTold = true }
        return wasBroken || !accounts.isEmpty
    }
}

extension PullFailures {
    struct Stored: Sendable {
        let failures: PullFailures
        let version: Int64
        let isDirty: Bool
    }

    static func load(_ key: String, in transaction: any Transaction) throws -> Stored? {
        let sql = "SELECT dirty, version, record FROM pull_failures WHERE pull_request = ?"
        guard let row = try transaction.query(sql, [.text(key)]).first else { return nil }
        return Stored(
            failures: try JSONValue(parsing: row.text("record").utf8).decoded(as: PullFailures.self), version: try row.integer("version"),
            isDirty: try row.integer("dirty") == 1)
    }

    func save(_ key: String, isDirty: Bool, at now: Timestamp, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO pull_failures (pull_request, broken, dirty, version, record, at) VALUES (?, ?, ?, 1, ?, ?)
            ON CONFLICT (pull_request) DO UPDATE SET broken = excluded.broken, dirty = excluded.dirty, version = pull_failures.version + 1,
            record = excluded.record, at = excluded.at
            """
        let values: [SQLValue] = [
            .text(key), .integer(broken.isEmpty ? 0 : 1), .integer(isDirty ? 1 : 0), .text(JSONValue(encoding: self).text),
            .integer(now.microseconds),
        ]
        try transaction.execute(sql, values)
    }

    /// Whether anything is known to be broken, or waits to be told, on a pull request whose key begins so.
    static func isWaiting(_ prefix: String, in transaction: any Transaction) throws -> Bool {
        let sql = "SELECT pull_request FROM pull_failures WHERE broken = 1 OR dirty = 1"
        return try transaction.query(sql).contains { try $0.text("pull_request").hasPrefix(prefix) }
    }

    static func settle(_ key: String, version: Int64, in transaction: any Transaction) throws {
        let sql = "UPDATE pull_failures SET dirty = 0 WHERE pull_request = ? AND version = ?"
        try transaction.execute(sql, [.text(key), .integer(version)])
    }
}
