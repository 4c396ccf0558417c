import Storage
import TestSupport
import Testing

/// One way to have a database, for the suite.
struct DatabaseEngine: Sendable, CustomTestStringConvertible {
    let name: String
    private let open: @Sendable (String) throws -> any Database

    static let all: [DatabaseEngine] = [
        DatabaseEngine(name: "SQLite in memory") { _ in try SQLiteDatabase(.memory) },
        DatabaseEngine(name: "SQLite in a file") { folder in try SQLiteDatabase(.file(path: folder + "/test.sqlite")) },
    ]

    var testDescription: String { name }

    func withDatabase(_ body: (any Database) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let database = try open(folder.path)
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
