import Basics
import Glibc
import Storage
import TestSupport
import Testing

@Suite struct SQLiteFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/live.sqlite" }
    private var backup: String { folder.path + "/backup.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func numbers(_ path: String) async throws -> [Int64] {
        let snapshot = try SQLiteSnapshot(path: path)
        let numbers = try await snapshot.read { try $0.query("SELECT a FROM t ORDER BY a").map { try $0.integer("a") } }
        await snapshot.close()
        return numbers
    }

    private func live() async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(.file(path: path))
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (a BIGINT)")
            try transaction.execute("INSERT INTO t VALUES (1)")
        }
        return database
    }

    @Test func `a backup taken beside a writer is whole, and is put back as it was`() async throws {
        let database = try await live()
        let writing = Task {
            for number in 2..<200 { try await database.write { try $0.execute("INSERT INTO t VALUES (?)", [.integer(Int64(number))]) } }
        }
        try await SQLiteFile.backUp(path, to: backup)
        try await writing.value
        #expect(try await SQLiteFile.check(backup) == [])
        let saved = try await numbers(backup)
        #expect(saved == (0..<Int64(saved.count)).map { $0 + 1 })
        await #expect(throws: DatabaseError.inUse(path: path)) { try await SQLiteFile.restore(backup, to: path) { _ in } }
        await database.close()
        try await SQLiteFile.restore(backup, to: path) { try $0.execute("CREATE TABLE marked (a BIGINT)") }
        #expect(try await numbers(path) == saved)
        #expect(try await numbers(path + ".before-restore").count == 199)
        let opened = try SQLiteDatabase(.file(path: path))
        #expect(try await opened.read { try $0.query("SELECT a FROM marked").count } == 0)
        await opened.close()
    }

    @Test func `a snapshot shows what a running server has and changes nothing`() async throws {
        let database = try await live()
        #expect(try await numbers(path) == [1])
        let snapshot = try SQLiteSnapshot(path: path)
        await #expect(throws: DatabaseError.inUse(path: path)) { try await snapshot.write { try $0.execute("DELETE FROM t") } }
        await #expect(throws: (any Error).self) { try await snapshot.read { try $0.execute("DELETE FROM t") } }
        try await database.write { try $0.execute("INSERT INTO t VALUES (2)") }
        #expect(try await snapshot.read { try $0.query("SELECT a FROM t").count } == 2)
        await snapshot.close()
        await database.close()
    }

    @Test func `a backup never overwrites, and a damaged backup is never put back`() async throws {
        let database = try await live()
        try await SQLiteFile.backUp(path, to: backup)
        await #expect(throws: DatabaseError.self) { try await SQLiteFile.backUp(path, to: backup) }
        await database.close()
        let file = try #require(fopen(backup, "r+"))
        // The second page: SQLite asks nothing of the free bytes of the first.
        fseek(file, 4096, SEEK_SET)
        fputs(String(repeating: "damage", count: 300), file)
        fclose(file)
        #expect(try await SQLiteFile.check(backup) != [])
        await #expect(throws: DatabaseError.self) { try await SQLiteFile.restore(backup, to: path) { _ in } }
        #expect(try await numbers(path) == [1])
    }
}
