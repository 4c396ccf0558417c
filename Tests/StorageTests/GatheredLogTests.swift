import Basics
import CSQLite
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// The layer between SQLite's writer and its log, with the real library on both sides; readers use the default layer.
@Suite struct GatheredLogTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/log.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func writer() throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .writer)
        try connection.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
        return connection
    }

    private func noise(_ number: Int, bytes count: Int = 3000) -> SQLValue {
        let random = SeededRandom(seed: UInt64(number))
        return .bytes((0..<count).map { _ in UInt8(random.below(256)) })
    }

    private func count(_ connection: SQLiteConnection) throws -> Int64 {
        try #require(try connection.query("SELECT COUNT(*) AS n FROM t", []).first).integer("n")
    }

    /// The files as a power cut would leave them, opened by whoever finds them.
    private func afterPowerCut(_ name: String) throws -> SQLiteConnection {
        let copy = folder.path + "/" + name
        for suffix in ["", "-wal"] { try Self.copy(path + suffix, to: copy + suffix) }
        return try SQLiteConnection(path: copy, mode: .writer)
    }

    private static func copy(_ from: String, to target: String) throws {
        let source = try #require(fopen(from, "r"))
        defer { fclose(source) }
        let file = try #require(fopen(target, "w"))
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, source), count > 0 { #expect(fwrite(buffer, 1, count, file) == count) }
    }

    @Test func `the layer is the one the writer uses`() { #expect(GatheredLog.layer != nil) }

    @Test func `what was committed is in the files when the commit returns, and nothing else is`() throws {
        let connection = try writer()
        try connection.run("CREATE TABLE t (a BLOB)")
        for number in 0..<40 {
            try connection.step("BEGIN IMMEDIATE")
            for row in 0...(number % 5) { _ = try connection.execute("INSERT INTO t VALUES (?)", [noise(number * 10 + row)]) }
            try connection.step("COMMIT")
            let stored = try count(connection)
            try connection.step("BEGIN IMMEDIATE")
            _ = try connection.execute("INSERT INTO t VALUES (?)", [noise(1000 + number)])
            let found = try afterPowerCut("cut-\(number).sqlite")
            #expect(try count(found) == stored)
            #expect(try found.query("PRAGMA integrity_check", []).map { try $0.text("integrity_check") } == ["ok"])
            try connection.step("ROLLBACK")
        }
    }

    @Test func `a transaction larger than the cache and than one write reads back its own pages`() throws {
        let connection = try writer()
        try connection.run("PRAGMA cache_size = 8; CREATE TABLE t (a BLOB, n BIGINT)")
        let reader = try SQLiteConnection(path: path, mode: .reader)
        try connection.step("BEGIN IMMEDIATE")
        for number in 0..<400 {
            _ = try connection.execute("INSERT INTO t VALUES (?, ?)", [noise(number), .integer(number)])
            if number % 50 == 49 { #expect(try count(connection) == Int64(number + 1)) }
        }
        // Taken back and written anew: the engine writes to places of the log it has passed already.
        try connection.step("SAVEPOINT s")
        _ = try connection.execute("DELETE FROM t WHERE n % 3 = 0", [])
        try connection.step("ROLLBACK TO s")
        try connection.step("RELEASE s")
        _ = try connection.execute("DELETE FROM t WHERE n % 2 = 0", [])
        #expect(try count(reader) == 0)
        try connection.step("COMMIT")
        #expect(try count(reader) == 200)
        #expect(try reader.query("PRAGMA integrity_check", []).map { try $0.text("integrity_check") } == ["ok"])
        for number in [1, 199, 399] {
            #expect(
                try reader.query("SELECT a FROM t WHERE n = ?", [.integer(number)]).map { SQLValue.bytes(try $0.bytes("a")) } == [
                    noise(number)
                ])
        }
        #expect(try count(try afterPowerCut("cut.sqlite")) == 200)
    }

    @Test func `the log begins anew after a checkpoint and loses nothing`() throws {
        let connection = try writer()
        try connection.run("CREATE TABLE t (a BLOB)")
        let reader = try SQLiteConnection(path: path, mode: .reader)
        for number in 0..<60 {
            _ = try connection.execute("INSERT INTO t VALUES (?)", [noise(number, bytes: 9000)])
            if number % 7 == 6 { try connection.run("PRAGMA wal_checkpoint(\(number % 2 == 0 ? "TRUNCATE" : "RESTART"))") }
            #expect(try count(reader) == Int64(number + 1))
        }
        let found = try afterPowerCut("cut.sqlite")
        #expect(try count(found) == 60)
        #expect(try found.query("PRAGMA integrity_check", []).map { try $0.text("integrity_check") } == ["ok"])
    }

    @Test func `a log that cannot be written when it is read makes the engine give the whole transaction up`() throws {
        let connection = try writer()
        try connection.run("PRAGMA cache_size = 8; CREATE TABLE t (a BLOB, n BIGINT UNIQUE)")
        for number in 0..<40 { _ = try connection.execute("INSERT INTO t VALUES (?, ?)", [noise(number), .integer(number)]) }
        let reader = try SQLiteConnection(path: path, mode: .reader)
        try connection.step("BEGIN IMMEDIATE")
        for number in 40..<80 { _ = try connection.execute("INSERT INTO t VALUES (?, ?)", [noise(number), .integer(number)]) }
        try FullDisk.during(path + "-wal") {
            // With a journal of its own: of a full disk alone the engine would take back this statement and go on with the rest.
            #expect(throws: DatabaseError.self) { try connection.execute("INSERT INTO t SELECT a, n + 1000 FROM t", []) }
        }
        #expect(connection.isIdle)
        if !connection.isIdle { try connection.step("COMMIT") }
        #expect(try count(reader) == 40)
        #expect(try reader.query("PRAGMA integrity_check", []).map { try $0.text("integrity_check") } == ["ok"])
        _ = try connection.execute("INSERT INTO t VALUES (?, ?)", [noise(99), .integer(99)])
        #expect(try count(try afterPowerCut("cut.sqlite")) == 41)
    }
}

/// The system refuses the library's writes to one file, as a disk without room does; every other file is written as ever.
private enum FullDisk {
    private static let refused = Atomic<UInt64>(0)

    static func during(_ path: String, _ body: () throws -> Void) throws {
        var status = stat()
        try #require(stat(path, &status) == 0)
        let layer = try #require(sqlite3_vfs_find(nil))
        typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int
        typealias WriteAt = @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int
        let write: Write = { FullDisk.refuses($0) ? -1 : Glibc.write($0, $1, $2) }
        let writeAt: WriteAt = { FullDisk.refuses($0) ? -1 : Glibc.pwrite($0, $1, $2, $3) }
        let calls =
            [("write", unsafeBitCast(write, to: sqlite3_syscall_ptr.self))]
            + ["pwrite", "pwrite64"].map { ($0, unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self)) }
        for (name, call) in calls { _ = layer.pointee.xSetSystemCall(layer, name, call) }
        refused.store(UInt64(status.st_ino), ordering: .relaxed)
        defer {
            refused.store(0, ordering: .relaxed)
            for (name, _) in calls { _ = layer.pointee.xSetSystemCall(layer, name, nil) }
        }
        try body()
    }

    private static func refuses(_ descriptor: Int32) -> Bool {
        let inode = refused.load(ordering: .relaxed)
        var status = stat()
        guard inode != 0, fstat(descriptor, &status) == 0, status.st_ino == inode else { return false }
        errno = ENOSPC
        return true
    }
}
