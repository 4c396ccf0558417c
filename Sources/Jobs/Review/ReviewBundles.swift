package import Basics
import Forge
package import Storage

/// The records of finished reviews, for `fettle review --replay`. They hold code: how long they are kept is the operator's choice.
package enum ReviewBundles {
    package static let migrations: [Migration] = [
        Migration(id: "review-003") { dialect in
            [
                """
                CREATE TABLE review_bundles (
                    pull_request TEXT NOT NULL, head TEXT NOT NULL, base TEXT NOT NULL, at BIGINT NOT NULL, bundle \(dialect.bytes) NOT NULL,
                    PRIMARY KEY (pull_request, head, base))
                """,
                "CREATE INDEX review_bundles_by_age ON review_bundles (at)",
            ]
        }
    ]

    /// A larger one is not kept.
    package static let largest = ByteCount.mebibytes(8)

    package struct Entry: Sendable, Hashable {
        package let pullRequest: String
        package let head: String
        package let at: Timestamp
    }

    /// Keeps one, in place of an earlier one of the same head, and drops those that are older than `length`.
    static func keep(_ bytes: [UInt8], of key: ReviewRecords.Key, at now: Timestamp, for length: Duration, _ transaction: any Transaction)
        throws
    {
        let sql = """
            INSERT INTO review_bundles (pull_request, head, base, at, bundle) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (pull_request, head, base) DO UPDATE SET at = excluded.at, bundle = excluded.bundle
            """
        try transaction.execute(
            sql, [.text(key.pullRequest), .text(key.head.hex), .text(key.base), .integer(now.microseconds), .bytes(bytes)])
        try transaction.execute("DELETE FROM review_bundles WHERE at < ?", [.integer((now - length).microseconds)])
    }

    /// Newest first.
    package static func list(_ transaction: any Transaction, limit: Int = 100) throws -> [Entry] {
        let rows = try transaction.query("SELECT pull_request, head, at FROM review_bundles ORDER BY at DESC LIMIT \(max(0, limit))")
        return try rows.map { row in
            Entry(
                pullRequest: try row.text("pull_request"), head: try row.text("head"), at: Timestamp(microseconds: try row.integer("at")))
        }
    }

    /// The newest of a pull request; `head`: its beginning, to choose another one.
    package static func bundle(of pullRequest: String, head: String = "", _ transaction: any Transaction) throws -> [UInt8]? {
        let rows = try transaction.query(
            "SELECT head, bundle FROM review_bundles WHERE pull_request = ? ORDER BY at DESC", [.text(pullRequest)])
        return try rows.first { try $0.text("head").hasPrefix(head) }?.bytes("bundle")
    }

    /// Everything kept of a repository: bundles, findings told, dismissals, pauses. `repository`: e.g. `github:owner/name`.
    package static func erase(_ repository: String, _ transaction: any Transaction) throws {
        for table in ["review_bundles", "review_findings", "paused_reviews"] {
            let names = Set(try transaction.query("SELECT DISTINCT pull_request FROM \(table)").map { try $0.text("pull_request") })
            for name in names.sorted() where name.hasPrefix(repository + "#") {
                try transaction.execute("DELETE FROM \(table) WHERE pull_request = ?", [.text(name)])
            }
        }
        try transaction.execute("DELETE FROM review_dismissals WHERE repository = ?", [.text(repository)])
    }
}
