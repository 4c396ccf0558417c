import Synchronization

/// The server engine: any number of processes on one database.
package final class PostgreSQLDatabase: Database {
    package let dialect = SQLDialect.postgreSQL
    package let isExclusive = false

    /// One number of our own in the server's space of advisory locks.
    private static let migrationLock: Int64 = 0x6665_7474_6c65

    private struct Notices {
        var waiting: Set<String> = []
        var isSending = false
    }

    private let pool: PostgreSQLPool
    private let listener: PostgreSQLListener
    private let board = NoticeBoard()
    private let notices = Mutex(Notices())

    /// `conninfo` as libpq reads it: `postgres://…` or `host=… dbname=…`. Connects when first used, so that a server that is away at
    /// start is no different from one that goes away later.
    package init(_ conninfo: String, connections: Int = 6) {
        pool = PostgreSQLPool(conninfo, size: connections)
        listener = PostgreSQLListener(conninfo, board: board)
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await pool.run(.write, body)
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await pool.run(.read, body)
    }

    package func migrate(_ migrations: [Migration]) async throws {
        try await pool.run(.migrate) { transaction in
            // Held until the commit, by the transaction and not by the session: a pooler does no harm.
            _ = try transaction.query("SELECT pg_advisory_xact_lock(?) IS NULL AS taken", [.integer(Self.migrationLock)])
            try MigrationTable.apply(migrations, dialect: .postgreSQL, in: transaction)
        }
    }

    /// Tells this process at once and the others through the server. Notices that come while one is on its way go out together:
    /// the server takes one lock for all its notices, and a flood of them slows every commit.
    package func notify(_ channel: String) async {
        board.post(channel)
        let mustSend = notices.withLock { notices in
            notices.waiting.insert(channel)
            defer { notices.isSending = true }
            return !notices.isSending
        }
        if mustSend { await sendNotices() }
    }

    package func listen(_ channel: String) -> AsyncStream<Void> {
        defer { listener.refresh() }
        return board.listen(channel)
    }

    package func probe() async throws { try await pool.run(.write) { try MigrationTable.probe(in: $0) } }

    package func close() async {
        board.close()
        listener.stop()
        await pool.close()
    }

    private func sendNotices() async {
        while true {
            let channels: [String] = notices.withLock { notices in
                defer { notices.waiting = [] }
                if notices.waiting.isEmpty { notices.isSending = false }
                return notices.waiting.sorted()
            }
            if channels.isEmpty { return }
            // Lossy by contract: listeners poll as well.
            try? await pool.run(.write) { transaction in
                for channel in channels { _ = try transaction.query("SELECT pg_notify(?, '') IS NULL AS sent", [.text(channel)]) }
            }
        }
    }
}
