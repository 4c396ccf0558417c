import Storage
import Synchronization

extension PostgreSQLServer {
    private static let counter = Atomic<Int>(0)

    /// The conninfo of a new, empty schema that unqualified names go to. Cheaper than a database; notices cross between schemas.
    package func freshSchema() async throws -> String {
        let name = "test_\(Self.counter.add(1, ordering: .relaxed).newValue)"
        let database = PostgreSQLDatabase(conninfo(), connections: 1)
        try await database.write { try $0.execute("CREATE SCHEMA \(name)") }
        await database.close()
        return conninfo() + " options='-c search_path=\(name)'"
    }
}
