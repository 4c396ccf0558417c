import Basics
import HTTP
import Storage
import TestSupport
import Testing

/// What the servers of a crash run keep their rows in, and how many of them there are.
struct CrashEngine: Sendable, CustomTestStringConvertible {
    enum Kind: Sendable {
        /// `pooled`: PostgreSQL behind a pooler that gives each transaction another session.
        case sqlite, postgreSQL, pooled
    }

    let kind: Kind
    let replicas: Int

    var testDescription: String {
        switch kind {
        case .sqlite: "SQLite"
        case .postgreSQL: "PostgreSQL, \(replicas) replicas"
        case .pooled: "PostgreSQL behind a pooler, \(replicas) replicas"
        }
    }

    static let sqlite = CrashEngine(kind: .sqlite, replicas: 1)
    static let one = CrashEngine(kind: .postgreSQL, replicas: 1)
    static let three = CrashEngine(kind: .postgreSQL, replicas: 3)
    static let pooled = CrashEngine(kind: .pooled, replicas: 3)
    static let all = [sqlite] + (PostgreSQLServer.isAvailable ? [one, three] : [])
    static let shared = PostgreSQLServer.isAvailable ? [three] : []
    static let behindPooler = PostgreSQLPooler.isAvailable ? [pooled] : []
}

/// One run's database: a file of its own, or a schema of its own.
struct CrashDatabase: Sendable {
    /// For `FETTLE_DATABASE`.
    let address: String
    private let open: @Sendable () throws -> any Database

    init(_ engine: CrashEngine, in folder: String) async throws {
        switch engine.kind {
        case .sqlite:
            let path = folder + "/fettle.sqlite"
            address = "sqlite:\(path)"
            open = { try SQLiteSnapshot(path: path) }
        case .postgreSQL:
            let server = try PostgreSQLServer.shared.get()
            let conninfo = try await server.freshSchema()
            let options = conninfo.split(separator: "'").dropFirst().first ?? ""
            let query = "user=fettle&host=\(PercentEncoding.encode(server.folder))&options=\(PercentEncoding.encode(String(options)))"
            address = "postgres:///postgres?\(query)"
            open = { PostgreSQLDatabase(conninfo, connections: 1) }
        case .pooled:
            // A pooler passes no session settings on: one run of the process has the server's own schema.
            let pooler = try PostgreSQLPooler.shared.get()
            let query = "user=fettle&port=6432&host=\(PercentEncoding.encode(pooler.folder))"
            address = "postgres:///postgres?\(query)"
            open = { PostgreSQLDatabase(pooler.server.conninfo(), connections: 1) }
        }
    }

    /// To look at, beside the servers.
    func look<Result>(_ body: (any Database) async throws -> Result) async throws -> Result {
        let database = try open()
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}
