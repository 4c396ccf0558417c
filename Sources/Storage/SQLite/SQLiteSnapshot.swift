/// The file of a server that may be running, opened to look and never to change: for commands beside the server.
package final class SQLiteSnapshot: Database {
    package let dialect = SQLDialect.sqlite
    package let isExclusive = false

    private let reader: SQLiteReader
    private let path: String

    package init(path: String) throws(DatabaseError) {
        self.path = path
        reader = try SQLiteReader(path: path)
    }

    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        throw DatabaseError.inUse(path: path)
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await reader.read(body)
    }

    package func migrate(_ migrations: [Migration]) async throws { throw DatabaseError.inUse(path: path) }

    package func notify(_ channel: String) async {}

    package func listen(_ channel: String) -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    package func probe() async throws { throw DatabaseError.inUse(path: path) }

    package func close() async { await reader.close() }
}
