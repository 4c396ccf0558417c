import Basics
import Glibc
import Storage
import TestSupport
import Testing

@Suite struct SQLiteTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/fettle.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a second opener of the same file is refused, and welcome after the first has closed`() async throws {
        let first = try SQLiteDatabase(.file(path: path))
        #expect(throws: DatabaseError.inUse(path: path)) { try SQLiteDatabase(.file(path: path)) }
        await first.close()
        let second = try SQLiteDatabase(.file(path: path))
        await second.close()
    }

    @Test func `what was written is there after closing and opening`() async throws {
        let first = try SQLiteDatabase(.file(path: path))
        try await first.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        try await first.write { try $0.execute("INSERT INTO t VALUES (42)") }
        await first.close()
        let second = try SQLiteDatabase(.file(path: path))
        #expect(try await second.read { try $0.query("SELECT a FROM t").first?.integer("a") } == 42)
        await second.close()
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        try write(Array(repeating: UInt8(ascii: "x"), count: 5000), to: path)
        #expect { try SQLiteDatabase(.file(path: path)) } throws: { if case .damaged = $0 as? DatabaseError { true } else { false } }
        #expect(try read(path) == Array(repeating: UInt8(ascii: "x"), count: 5000))
    }

    @Test func `a database whose pages were overwritten is refused`() async throws {
        let database = try SQLiteDatabase(.file(path: path))
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (a TEXT)")
            for number in 0..<500 {
                try transaction.execute("INSERT INTO t VALUES (?)", [.text(String(repeating: "\(number) ", count: 40))])
            }
        }
        await database.close()
        var bytes = try read(path)
        for index in 4096..<min(bytes.count, 20480) { bytes[index] = 0xAA }
        try write(bytes, to: path)
        #expect { try SQLiteDatabase(.file(path: path)) } throws: { if case .damaged = $0 as? DatabaseError { true } else { false } }
    }

    @Test func `another program's database is refused`() async throws {
        let ours = try SQLiteDatabase(.file(path: path))
        try await ours.write { try $0.execute("CREATE TABLE t (a TEXT)") }
        await ours.close()
        var bytes = try read(path)
        // The application id: bytes 68 to 71 of the header. Source: sqlite.org/fileformat2.html
        bytes.replaceSubrange(68..<72, with: [1, 2, 3, 4])
        try write(bytes, to: path)
        #expect(throws: DatabaseError.damaged(path: path, reason: "it belongs to another program")) {
            try SQLiteDatabase(.file(path: path))
        }
    }

    @Test func `a full disk refuses the writes that do not fit and keeps those that do`() async throws {
        let database = try SQLiteDatabase(.file(path: path), sizeLimit: .kibibytes(256))
        try await database.write { try $0.execute("CREATE TABLE t (a BLOB)") }
        let outcomes = await withTaskGroup(of: DatabaseError?.self) { group in
            for number in 0..<60 {
                // Noise, which takes as much room on the disk as here.
                let random = SeededRandom(seed: UInt64(number))
                let noise = (0..<10_000).map { _ in UInt8(random.below(256)) }
                group.addTask {
                    do {
                        try await database.write { _ = try $0.execute("INSERT INTO t VALUES (?)", [.bytes(noise)]) }
                        return nil
                    } catch {
                        return error as? DatabaseError ?? .closed
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let stored = outcomes.count { $0 == nil }
        let refused = outcomes.count { if case .notWritable = $0 { true } else { false } }
        #expect(stored > 0)
        #expect(stored + refused == 60)
        #expect(try await database.read { try $0.query("SELECT COUNT(*) AS n FROM t").first?.integer("n") } == Int64(stored))
        try await database.write { try $0.execute("DELETE FROM t") }
        try await database.write { _ = try $0.execute("INSERT INTO t VALUES (?)", [.bytes([1])]) }
        await database.close()
    }

    @Test func `a body that hides that the engine took everything back spoils nobody else's transaction`() async throws {
        let database = try SQLiteDatabase(.file(path: path))
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (a BIGINT PRIMARY KEY)")
            try transaction.execute("CREATE TABLE u (a BIGINT)")
            try transaction.execute("INSERT INTO t VALUES (1)")
        }
        let queued = Handoff<Bool>()
        let first = Task.immediate { try await database.write { _ in _ = queued.waitForValue() } }
        let hides = Task.immediate {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO u VALUES (1)")
                _ = try? transaction.execute("INSERT OR ROLLBACK INTO t VALUES (1)")
                try transaction.execute("INSERT INTO u VALUES (2)")
            }
        }
        let honest = Task.immediate { try await database.write { _ = try $0.execute("INSERT INTO u VALUES (3)") } }
        queued.give(true)
        try await first.value
        await #expect(throws: DatabaseError.self) { try await hides.value }
        try await honest.value
        #expect(try await database.read { try $0.query("SELECT a FROM u").map { try $0.integer("a") } } == [3])
        await database.close()
    }

    @Test func `a reader does not wait for a writer in the middle of its body`() async throws {
        let database = try SQLiteDatabase(.file(path: path))
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        let seen = Handoff<Int>()
        let writing = Task {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO t VALUES (1)")
                _ = seen.waitForValue()
            }
        }
        let count = try await database.read { try $0.query("SELECT a FROM t").count }
        seen.give(count)
        try await writing.value
        #expect(count == 0)
        #expect(try await database.read { try $0.query("SELECT a FROM t").count } == 1)
        await database.close()
    }

    @Test func `only one connection of the engine can write`() async throws {
        let database = try SQLiteDatabase(.file(path: path), readers: 3)
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        for _ in 0..<6 {
            await #expect(throws: (any Error).self) { try await database.read { try $0.execute("INSERT INTO t VALUES (1)") } }
            await #expect(throws: (any Error).self) { try await database.read { try $0.execute("CREATE TABLE u (a BIGINT)") } }
        }
        await database.close()
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
