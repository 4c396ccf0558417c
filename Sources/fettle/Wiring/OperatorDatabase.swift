import Basics
import Storage

/// The database as the operator's commands open it, beside a server or without one.
enum OperatorDatabase {
    /// To look: works while a server runs.
    static func open(_ configuration: Configuration) async throws -> any Database {
        switch configuration.database {
        case .sqlite(let path): try SQLiteSnapshot(path: path)
        case .postgreSQL(let conninfo): PostgreSQLDatabase(conninfo.reveal(), connections: 1)
        }
    }

    /// To change something. An embedded database lets nobody in beside its server.
    static func openForWriting(_ configuration: Configuration) async throws -> any Database {
        do {
            return try await configuration.openDatabase()
        } catch DatabaseError.inUse(let path) {
            throw OperatorError("a running server holds '\(path)': stop it first, or use PostgreSQL, which takes commands beside a server")
        }
    }

    static func with<Result>(
        _ database: any Database, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }

    /// The file of an embedded database, for commands that work on files.
    static func file(_ configuration: Configuration, otherwise advice: String) throws -> String {
        switch configuration.database {
        case .sqlite(let path): return path
        case .postgreSQL: throw UsageError("FETTLE_DATABASE is a PostgreSQL server: \(advice)")
        }
    }
}

/// Something an operator asked for that cannot be done now.
struct OperatorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
