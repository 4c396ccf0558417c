import Basics
import FailureAnalysis
import Forge
import Notifiers
package import Storage

/// An incident with what its issue is written from, and what is still to be sent.
struct IncidentRecord: Sendable, Hashable, Codable {
    struct Occurrence: Sendable, Hashable, Codable {
        let title: String
        let address: WebAddress?
        let branch: UntrustedText
        let commit: UntrustedText
        let at: Timestamp
    }

    /// A change of state that people are told of once.
    struct PendingNotice: Sendable, Hashable, Codable {
        let state: Notice.State
        /// Counts the notices of one issue from 1.
        let number: Int
        let at: Timestamp
    }

    enum PendingComment: Sendable, Hashable, Codable {
        /// “Again”, with the count it is written for.
        case repeated(count: Int)
        case fixed(by: UntrustedText, closing: Int)
    }

    var incident: Incident
    /// Rises when a cause that came back gets a new issue.
    var generation: Int
    var account: FailureAccount
    var first: Occurrence
    var last: Occurrence
    /// The commit whose success closed it.
    var fixedBy: UntrustedText?
    var issue: Int?
    /// Open or close the issue with the next edit; `nil` leaves it as people left it.
    var opens: Bool?
    var comments: [PendingComment] = []
    var notices: [PendingNotice] = []
    var noticeCount = 0
    var lastNotice: Timestamp?
    /// Times it was closed.
    var closings = 0

    var failureClass: FailureClass { incident.failureClass(stated: account.report.failureClass) }
}

/// The rows of incidents: one for each cause in a repository.
package enum IncidentRows {
    package static let migrations: [Migration] = [
        Migration(id: "failures-001-incidents") { _ in
            [
                """
                CREATE TABLE incidents (
                    repository TEXT NOT NULL, fingerprint TEXT NOT NULL, status TEXT NOT NULL, dirty BIGINT NOT NULL,
                    version BIGINT NOT NULL, record TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (repository, fingerprint))
                """,
                "CREATE INDEX incidents_open ON incidents (repository) WHERE status = 'open' OR dirty = 1",
                """
                CREATE TABLE pull_failures (
                    pull_request TEXT NOT NULL PRIMARY KEY, broken BIGINT NOT NULL, dirty BIGINT NOT NULL, version BIGINT NOT NULL,
                    record TEXT NOT NULL, at BIGINT NOT NULL)
                """,
                "CREATE INDEX pull_failures_waiting ON pull_failures (pull_request) WHERE broken = 1 OR dirty = 1",
            ]
        },
        GreenRuns.migration, LoggedTests.migration, GreenRuns.attempts,
    ]

    struct Stored: Sendable {
        var record: IncidentRecord
        let version: Int64
        var isDirty: Bool
    }

    static func key(_ repository: RepositoryReference) -> String { "\(repository.forge.rawValue):\(repository.name)" }

    /// Those that are open, those that still have something to send, and those of these causes, by fingerprint.
    static func load(_ repository: RepositoryReference, causes: Set<String>, in transaction: any Transaction) throws -> [String: Stored] {
        let columns = "SELECT fingerprint, dirty, version, record FROM incidents WHERE repository = ?"
        var rows = try transaction.query("\(columns) AND (status = 'open' OR dirty = 1)", [.text(key(repository))])
        for cause in causes.sorted() {
            rows += try transaction.query("\(columns) AND fingerprint = ?", [.text(key(repository)), .text(cause)])
        }
        var found: [String: Stored] = [:]
        for row in rows {
            let record = try JSONValue(parsing: row.text("record").utf8).decoded(as: IncidentRecord.self)
            found[try row.text("fingerprint")] = Stored(
                record: record, version: try row.integer("version"), isDirty: try row.integer("dirty") == 1)
        }
        return found
    }

    static func newest(_ count: Int, of repository: RepositoryReference, in transaction: any Transaction) throws -> [IncidentRecord] {
        let sql = "SELECT record FROM incidents WHERE repository = ? ORDER BY at DESC LIMIT ?"
        return try transaction.query(sql, [.text(key(repository)), .integer(count)]).map {
            try JSONValue(parsing: $0.text("record").utf8).decoded(as: IncidentRecord.self)
        }
    }

    /// First lines of failures that some commit ended: what was told of them was right.
    static func fixedCauses(of repository: RepositoryReference, in transaction: any Transaction) throws -> [UntrustedText] {
        try newest(200, of: repository, in: transaction).filter { $0.fixedBy != nil }.compactMap { $0.account.report.headline?.text }
    }

    static func hasOpen(_ repository: RepositoryReference, in transaction: any Transaction) throws -> Bool {
        let sql = "SELECT 1 AS found FROM incidents WHERE repository = ? AND (status = 'open' OR dirty = 1) LIMIT 1"
        return try !transaction.query(sql, [.text(key(repository))]).isEmpty
    }

    static func save(_ record: IncidentRecord, _ repository: RepositoryReference, at now: Timestamp, in transaction: any Transaction) throws
    {
        let sql = """
            INSERT INTO incidents (repository, fingerprint, status, dirty, version, record, at) VALUES (?, ?, ?, 1, 1, ?, ?)
            ON CONFLICT (repository, fingerprint) DO UPDATE SET status = excluded.status, dirty = 1, version = incidents.version + 1,
            record = excluded.record, at = excluded.at
            """
        try transaction.execute(
            sql,
            [
                .text(key(repository)), .text(record.incident.fingerprint), .text(record.incident.status.rawValue),
                .text(JSONValue(encoding: record).text), .integer(now.microseconds),
            ])
    }

    /// What was to be sent stands. Nothing is changed when a newer decision was saved meanwhile.
    static func settle(
        _ record: IncidentRecord, version: Int64, _ repository: RepositoryReference, in transaction: any Transaction
    ) throws {
        let sql = "UPDATE incidents SET dirty = 0, record = ? WHERE repository = ? AND fingerprint = ? AND version = ?"
        try transaction.execute(
            sql,
            [
                .text(JSONValue(encoding: record).text), .text(key(repository)), .text(record.incident.fingerprint), .integer(version),
            ])
    }
}
