import Storage
import TestSupport
import Testing

/// One way to have a database, for the suite.
struct DatabaseEngine: Sendable, CustomTestStringConvertible {
    let name: String
    private let open: @Sendable (String) async throws -> any Database

    static let all: [DatabaseEngine] = embedded + (PostgreSQLServer.isAvailable ? [postgreSQL] : [])

    private static let embedded: [DatabaseEngine] = [
        DatabaseEngine(name: "SQLite in memory") { _ in try SQLiteDatabase(.memory) },
        DatabaseEngine(name: "SQLite in a file") { folder in try SQLiteDatabase(.file(path: folder + "/test.sqlite")) },
    ]

    private static let postgreSQL = DatabaseEngine(name: "PostgreSQL") { _ in
        PostgreSQLDatabase(try await PostgreSQLServer.shared.get().freshSchema())
    }

    var testDescription: String { name }

    func withDatabase(_ body: (any Database) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let database = try await open(folder.path)
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
