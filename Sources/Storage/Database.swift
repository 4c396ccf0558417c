/// One database, two engines. Rows are ids, strings and bytes: no feature's type is known here.
///
/// Contract, kept by one conformance suite over SQLite and PostgreSQL:
/// - `write` returns only after its transaction is on disk (SQLite: group commit, `synchronous=FULL`). A body that throws leaves nothing behind.
/// - Bodies run one after another on the engine's own thread, never on Swift's shared pool; they do no other waiting. A body may be
///   run again from the start after a conflict or a lost connection, so it has no effect outside its transaction.
/// - SQL is written once, in the subset both engines take, with `?` placeholders; what differs is in `dialect`.
package protocol Database: Sendable {
    var dialect: SQLDialect { get }

    /// No other process can hold this database: whatever an earlier process left running is dead.
    var isExclusive: Bool { get }

    @discardableResult
    func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result

    /// As `write`, for what may wait a moment: under load such bodies share a commit. An engine that gains nothing by it just writes.
    @discardableResult
    func writeTogether<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result

    /// A consistent view; never waits for a writer.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result

    /// Applies the migrations not yet applied, in order, each once, also when several processes start together.
    func migrate(_ migrations: [Migration]) async throws

    /// Tells every listener on `channel`, in any process on this database, that there is something new. Lossy: listeners also poll.
    func notify(_ channel: String) async

    /// Yields when `channel` was notified; several notices may arrive as one.
    func listen(_ channel: String) -> AsyncStream<Void>

    /// Writes and reads one row of a migrated database: what `/readyz` asks.
    func probe() async throws

    /// Finishes what was begun and lets go of the file or the server. Later calls throw `DatabaseError.closed`.
    func close() async
}

extension Database {
    @discardableResult
    package func writeTogether<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await write(body)
    }
}

/// Statements inside one transaction. Valid only inside the body that received it.
package protocol Transaction {
    /// Runs a statement; the number of rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int

    func query(_ sql: String, _ values: [SQLValue]) throws -> [Row]

    /// Runs one statement for each list of values, in order; the number of rows each changed. One round trip where the engine can.
    func execute(_ sql: String, each values: [[SQLValue]]) throws -> [Int]
}

extension Transaction {
    package func query(_ sql: String) throws -> [Row] { try query(sql, []) }

    @discardableResult
    package func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}

package enum SQLDialect: Sendable, Hashable {
    case sqlite
    case postgreSQL

    /// Ends a `SELECT` that claims rows: several workers take different ones. SQLite has one writer and needs nothing.
    package var skipLocked: String {
        switch self {
        case .sqlite: ""
        case .postgreSQL: "FOR UPDATE SKIP LOCKED"
        }
    }

    /// Ends a `SELECT` of a row that must not change until this transaction ends.
    package var forUpdate: String {
        switch self {
        case .sqlite: ""
        case .postgreSQL: "FOR UPDATE"
        }
    }

    /// Column type for raw bytes.
    package var bytes: String {
        switch self {
        case .sqlite: "BLOB"
        case .postgreSQL: "BYTEA"
        }
    }

    /// A primary key the engine counts up.
    package var serialKey: String {
        switch self {
        case .sqlite: "INTEGER PRIMARY KEY AUTOINCREMENT"
        case .postgreSQL: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        }
    }
}

package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    package static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    package static func integer(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    package static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
}

/// A named, ordered change of the schema; never edited once released.
package struct Migration: Sendable {
    /// Unique and sortable within its module, e.g. `queue-001`.
    package let id: String
    package let statements: @Sendable (SQLDialect) -> [String]

    package init(id: String, statements: @escaping @Sendable (SQLDialect) -> [String]) {
        self.id = id
        self.statements = statements
    }
}

/// One result row. Columns are read by name; a missing column or another type throws `DatabaseError.unexpectedRow`.
package struct Row: Sendable {
    private let columns: [String]
    private let values: [SQLValue]

    package init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package func integer(_ column: String) throws(DatabaseError) -> Int64 {
        if case .integer(let value) = try value(column) { return value }
        throw .unexpectedRow(column: column, expected: "integer")
    }

    package func text(_ column: String) throws(DatabaseError) -> String {
        if case .text(let value) = try value(column) { return value }
        throw .unexpectedRow(column: column, expected: "text")
    }

    package func bytes(_ column: String) throws(DatabaseError) -> [UInt8] {
        if case .bytes(let value) = try value(column) { return value }
        throw .unexpectedRow(column: column, expected: "bytes")
    }

    package func real(_ column: String) throws(DatabaseError) -> Double {
        switch try value(column) {
        case .real(let value): return value
        case .integer(let value): return Double(value)
        default: throw .unexpectedRow(column: column, expected: "real")
        }
    }

    package func isNull(_ column: String) throws(DatabaseError) -> Bool { try value(column) == .null }

    package func optionalInteger(_ column: String) throws(DatabaseError) -> Int64? { try isNull(column) ? nil : integer(column) }
    package func optionalText(_ column: String) throws(DatabaseError) -> String? { try isNull(column) ? nil : text(column) }

    private func value(_ column: String) throws(DatabaseError) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else { throw .unexpectedRow(column: column, expected: "a column of that name") }
        return values[index]
    }
}

package enum DatabaseError: Error, Sendable, Hashable {
    /// Disk full or unwritable: nothing was stored. Trying again helps once there is room.
    case notWritable(reason: String)
    /// Another process holds the file.
    case inUse(path: String)
    /// Not a database, or damaged. Nothing was changed.
    case damaged(path: String, reason: String)
    /// The server cannot be reached or the connection was lost; whether a commit took effect may be unknown.
    case disconnected(reason: String)
    /// A statement was refused: our fault, or a constraint.
    case constraint(reason: String)
    case statement(reason: String)
    case unexpectedRow(column: String, expected: String)
    case closed
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notWritable(let reason): "the database cannot be written (\(reason)); nothing was stored"
        case .inUse(let path): "'\(path)' is in use by another process; one process at a time may open it"
        case .damaged(let path, let reason): "'\(path)' is no sound database (\(reason)); restore a backup or give another path"
        case .disconnected(let reason): "the database server is out of reach (\(reason))"
        case .constraint(let reason): "the database refused a row (\(reason))"
        case .statement(let reason): "the database refused a statement (\(reason))"
        case .unexpectedRow(let column, let expected): "the database gave a row without \(expected) in '\(column)'"
        case .closed: "the database is closed"
        }
    }
}
