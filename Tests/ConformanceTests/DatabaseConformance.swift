import Basics
import Storage
import Testing

/// What every `Database` must do. One suite, every engine: an engine is added by one more line in `engines`.
@Suite struct DatabaseConformance {
    static let engines: [DatabaseEngine] = DatabaseEngine.all

    private static let notes = [
        Migration(id: "notes-001") { dialect in
            [
                """
                CREATE TABLE notes (
                    id \(dialect.serialKey), name TEXT NOT NULL UNIQUE, size BIGINT, weight DOUBLE PRECISION, body \(dialect.bytes))
                """
            ]
        }
    ]

    @Test(arguments: engines) func `what was written is read back as it was`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            let values: [SQLValue] = [.text("Grüße \u{1F600} 'quoted'?"), .integer(Int64.min), .real(2.5), .bytes([0, 255, 39, 92, 0])]
            try await database.write { _ = try $0.execute("INSERT INTO notes (name, size, weight, body) VALUES (?, ?, ?, ?)", values) }
            let row = try #require(
                await database.read { try $0.query("SELECT name, size, weight, body FROM notes WHERE name <> '?'") }.first)
            #expect(try row.text("name") == "Grüße \u{1F600} 'quoted'?")
            #expect(try row.integer("size") == Int64.min)
            #expect(try row.real("weight") == 2.5)
            #expect(try row.bytes("body") == [0, 255, 39, 92, 0])
        }
    }

    @Test(arguments: engines) func `empty text, empty bytes and null stay three things`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            try await database.write { transaction in
                let insert = "INSERT INTO notes (name, size, body) VALUES (?, ?, ?)"
                _ = try transaction.execute(insert, each: [[.text(""), .null, .bytes([])], [.text("x"), .integer(0), .null]])
            }
            let rows = try await database.read { try $0.query("SELECT name, size, body FROM notes ORDER BY id") }
            #expect(try rows.map { try $0.text("name") } == ["", "x"])
            #expect(try rows.map { try $0.optionalInteger("size") } == [nil, 0])
            #expect(try rows[0].bytes("body") == [])
            #expect(try rows[1].isNull("body"))
        }
    }

    /// Of several ways to write at once, each in its turn: all in a hurry, all patient, both mixed.
    @Test(arguments: engines, [[false], [true], [true, true, false]])
    func `a body that throws leaves nothing behind, and its neighbours stay`(_ engine: DatabaseEngine, patience: [Bool]) async throws {
        struct Refused: Error {}
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            let failures = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        do {
                            let body: @Sendable (any Transaction) throws -> Void = { transaction in
                                try transaction.execute("INSERT INTO notes (name) VALUES (?)", [.text("\(number)")])
                                if number % 7 == 0 { throw Refused() }
                            }
                            if patience[number % patience.count] {
                                try await database.writeTogether(body)
                            } else {
                                try await database.write(body)
                            }
                            return false
                        } catch {
                            return error is Refused
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let count = try await database.read { try $0.query("SELECT COUNT(*) AS n FROM notes").first?.integer("n") }
            #expect(failures == 15)
            #expect(count == 85)
        }
    }

    @Test(arguments: engines) func `a refused row is a constraint error, a wrong statement is a statement error`(_ engine: DatabaseEngine)
        async throws
    {
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            let insert: @Sendable (any Transaction) throws -> Void = { _ = try $0.execute("INSERT INTO notes (name) VALUES ('one')", []) }
            try await database.write(insert)
            await #expect { try await database.write(insert) } throws: {
                if case .constraint = $0 as? DatabaseError { true } else { false }
            }
            await #expect { try await database.write { try $0.execute("INSERT INTO nowhere VALUES (1)") } } throws: {
                if case .statement = $0 as? DatabaseError { true } else { false }
            }
            await #expect { try await database.read { try $0.query("SELECT ? AS a", []) } } throws: {
                if case .statement = $0 as? DatabaseError { true } else { false }
            }
        }
    }

    @Test(arguments: engines) func `a read inside a body sees the body's own writes, and nobody else's before the commit`(
        _ engine: DatabaseEngine
    ) async throws {
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            let seen = try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (name) VALUES ('one')")
                return try transaction.query("SELECT name FROM notes").count
            }
            #expect(seen == 1)
            #expect(try await database.read { try $0.query("SELECT name FROM notes").count } == 1)
        }
    }

    @Test(arguments: engines) func `reading changes nothing`(_ engine: DatabaseEngine) async throws {
        if engine.name == "SQLite in memory" { return }
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            await #expect(throws: (any Error).self) {
                try await database.read { try $0.execute("INSERT INTO notes (name) VALUES ('one')") }
            }
            #expect(try await database.read { try $0.query("SELECT name FROM notes").count } == 0)
        }
    }

    @Test(arguments: engines) func `migrations run once, in order, also when many start together`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            let more = Self.notes + [Migration(id: "notes-002") { _ in ["ALTER TABLE notes ADD COLUMN colour TEXT"] }]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await database.migrate(more) } }
                try await group.waitForAll()
            }
            try await database.migrate(Self.notes)
            #expect(try await database.read { try $0.query("SELECT colour FROM notes").count } == 0)
        }
    }

    @Test(arguments: engines) func `a migration that fails leaves nothing of itself`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            let broken = Migration(id: "broken") { _ in ["CREATE TABLE half (id BIGINT)", "CREATE TABLE nonsense ("] }
            await #expect(throws: DatabaseError.self) { try await database.migrate([broken]) }
            await #expect(throws: DatabaseError.self) { try await database.read { try $0.query("SELECT id FROM half") } }
            let mended = Migration(id: "broken") { _ in ["CREATE TABLE half (id BIGINT)"] }
            try await database.migrate([mended])
            #expect(try await database.read { try $0.query("SELECT id FROM half").count } == 0)
        }
    }

    @Test(arguments: engines) func `RETURNING, upserts and counted changes work alike`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await database.migrate(Self.notes)
            let ids = try await database.write { transaction in
                let sql = "INSERT INTO notes (name) VALUES (?) ON CONFLICT (name) DO NOTHING RETURNING id"
                return try ["one", "two", "one"].map { try transaction.query(sql, [.text($0)]).first?.integer("id") }
            }
            #expect(ids == [1, 2, nil])
            let changed = try await database.write { transaction in
                try transaction.execute(
                    "UPDATE notes SET size = ? WHERE name = ?", each: [[.integer(1), .text("one")], [.integer(1), .text("no")]])
            }
            #expect(changed == [1, 0])
            let sum = try await database.read { try $0.query("SELECT COALESCE(SUM(size), 0) AS total FROM notes").first?.integer("total") }
            #expect(sum == 1)
        }
    }

    @Test(arguments: engines) func `a listener hears a notice, and several may come as one`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            var notices = database.listen("changes").makeAsyncIterator()
            // A remote listener may not be in place yet: notices are lossy by contract, so they are repeated until one arrives.
            let sender = Task {
                while !Task.isCancelled {
                    await database.notify("changes")
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(await notices.next() != nil)
            sender.cancel()
        }
    }

    @Test(arguments: engines) func `the probe writes, and a closed database says so`(_ engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await database.migrate([])
            try await database.probe()
            try await database.probe()
            await database.close()
            await #expect(throws: DatabaseError.closed) { try await database.probe() }
            await #expect(throws: DatabaseError.closed) { try await database.read { try $0.query("SELECT 1 AS one") } }
        }
    }

    @Test(arguments: engines) func `a transaction kept beyond its body is dead`(_ engine: DatabaseEngine) async throws {
        final class Keeper: @unchecked Sendable {
            // Touched by one task only.
            var kept: (any Transaction)?
        }
        try await engine.withDatabase { database in
            let keeper = Keeper()
            try await database.write { keeper.kept = $0 }
            #expect(throws: DatabaseError.self) { try keeper.kept?.execute("SELECT 1") }
        }
    }
}
