package import Basics
import Glibc

/// The embedded engine: one file, one process, one connection that writes.
package final class SQLiteDatabase: Database {
    package enum Location: Sendable, Hashable {
        case file(path: String)
        /// Gone when closed: for one-shot commands and tests.
        case memory
    }

    /// Set in the file's header, so that another program's database is not taken for ours.
    private static let applicationID = 0x4645_5454

    package let dialect = SQLDialect.sqlite
    package let isExclusive = true

    private let writer: SQLiteWriter
    /// Empty for a database in memory, which only its one connection sees.
    private let readers: [SQLiteReader]
    private let lock: SQLiteLock?
    private let board = NoticeBoard()

    /// Opens or creates the database, checks it, and refuses a file that another process holds or that is damaged.
    ///
    /// `sizeLimit` caps the file: beyond it writes fail with `DatabaseError.notWritable`, as on a full disk.
    package init(_ location: Location, readers readerCount: Int = 2, sizeLimit: ByteCount? = nil) throws(DatabaseError) {
        switch location {
        case .memory:
            let connection = try SQLiteConnection(path: ":memory:", mode: .writer)
            try Self.limit(connection, to: sizeLimit)
            lock = nil
            writer = SQLiteWriter(connection)
            readers = []
        case .file(let path):
            lock = try SQLiteLock(databasePath: path)
            Self.makePrivate(path)
            let connection = try SQLiteConnection(path: path, mode: .writer)
            try Self.prepare(connection, path: path)
            try Self.limit(connection, to: sizeLimit)
            var opened: [SQLiteReader] = []
            for _ in 0..<max(readerCount, 1) { opened.append(try SQLiteReader(path: path)) }
            writer = SQLiteWriter(connection)
            readers = opened
        }
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await writer.write(body)
    }

    @discardableResult
    package func writeTogether<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await writer.write(isPatient: true, body)
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        guard let reader = readers.min(by: { $0.load < $1.load }) else { return try await writer.write(body) }
        return try await reader.read(body)
    }

    package func migrate(_ migrations: [Migration]) async throws {
        try await writer.write { try MigrationTable.apply(migrations, dialect: .sqlite, in: $0) }
    }

    package func notify(_ channel: String) async { board.post(channel) }

    package func listen(_ channel: String) -> AsyncStream<Void> { board.listen(channel) }

    package func probe() async throws { try await writer.write { try MigrationTable.probe(in: $0) } }

    package func close() async {
        board.close()
        for reader in readers { await reader.close() }
        await writer.close()
        lock?.release()
    }

    /// Makes a new file that only its owner may read: it holds keys. SQLite gives its side files the same rights.
    private static func makePrivate(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    private static func prepare(_ connection: SQLiteConnection, path: String) throws(DatabaseError) {
        // The first statement that reads the file: a damaged header shows here.
        let owner = try pragma("application_id", connection)
        let tables = try count("SELECT count(*) AS n FROM sqlite_master", connection)
        if owner != applicationID, owner != 0 || tables > 0 {
            throw .damaged(path: path, reason: "it belongs to another program")
        }
        try connection.run("PRAGMA journal_mode = WAL")
        try connection.run("PRAGMA synchronous = FULL")
        try connection.run("PRAGMA foreign_keys = ON")
        try connection.run("PRAGMA journal_size_limit = 67108864")
        if owner == 0 { try connection.run("PRAGMA application_id = \(applicationID)") }
        try check(connection, path: path)
    }

    private static func check(_ connection: SQLiteConnection, path: String) throws(DatabaseError) {
        let findings = try connection.query("PRAGMA quick_check(1)", []).map { row throws(DatabaseError) in try row.text("quick_check") }
        if let finding = findings.first, finding != "ok" { throw .damaged(path: path, reason: finding) }
    }

    private static func limit(_ connection: SQLiteConnection, to size: ByteCount?) throws(DatabaseError) {
        guard let size else { return }
        let page = try pragma("page_size", connection)
        try connection.run("PRAGMA max_page_count = \(max(size.bytes / max(page, 1), 1))")
    }

    private static func pragma(_ name: String, _ connection: SQLiteConnection) throws(DatabaseError) -> Int {
        guard let row = try connection.query("PRAGMA \(name)", []).first else { return 0 }
        return Int(clamping: try row.integer(name))
    }

    private static func count(_ sql: String, _ connection: SQLiteConnection) throws(DatabaseError) -> Int {
        guard let row = try connection.query(sql, []).first else { return 0 }
        return Int(clamping: try row.integer("n"))
    }
}
