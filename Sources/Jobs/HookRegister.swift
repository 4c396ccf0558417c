import Basics
import Forge
package import Storage

/// Which hooks have sent us deliveries, and from which repository: where a sweep without an App looks for lost ones. Kept apart from the
/// deliveries because their bodies are dropped after a week and a quiet hook must not be forgotten.
package enum HookRegister {
    package static let migrations: [Migration] = [
        Migration(id: "queue-006-hooks") { _ in
            [
                """
                CREATE TABLE hooks (
                    forge TEXT NOT NULL, host TEXT NOT NULL, hook TEXT NOT NULL, repository TEXT NOT NULL, PRIMARY KEY (forge, host, hook))
                """
            ]
        }
    ]

    /// Writes down the repository of each hook's newest delivery that still has its body.
    static func learn(in transaction: any Transaction) throws {
        let newest = """
            SELECT forge, host, hook, body FROM deliveries WHERE id IN (
                SELECT MAX(id) FROM deliveries WHERE hook <> '' AND state IN ('handled', 'ignored') AND length(body) > 0 GROUP BY forge, host, hook)
            """
        let rows = try transaction.query(newest).compactMap { row -> [SQLValue]? in
            guard let repository = repository(in: try row.bytes("body")) else { return nil }
            return [.text(try row.text("forge")), .text(try row.text("host")), .text(try row.text("hook")), .text("\(repository)")]
        }
        let sql = """
            INSERT INTO hooks (forge, host, hook, repository) VALUES (?, ?, ?, ?)
            ON CONFLICT (forge, host, hook) DO UPDATE SET repository = excluded.repository
            """
        if !rows.isEmpty { _ = try transaction.execute(sql, each: rows) }
    }

    static func hooks(in transaction: any Transaction) throws -> [KnownHook] {
        try transaction.query("SELECT forge, host, hook, repository FROM hooks ORDER BY forge, host, hook").compactMap { row in
            guard let forge = ForgeKind(rawValue: try row.text("forge")), let repository = RepositoryName(try row.text("repository")) else {
                return nil
            }
            return KnownHook(forge: forge, host: try row.text("host"), id: try row.text("hook"), repository: repository)
        }
    }

    /// Both forges write it so. Source: docs.github.com/webhooks/webhook-events-and-payloads; requests recorded from Gitea
    private static func repository(in body: [UInt8]) -> RepositoryName? {
        guard let payload = try? JSONValue(parsing: body) else { return nil }
        return payload["repository"]?["full_name"]?.string.flatMap { RepositoryName($0) }
    }
}
