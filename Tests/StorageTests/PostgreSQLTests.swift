@testable import Storage
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL server can be started here"))
struct PostgreSQLTests {
    private func schema() async throws -> String { try await PostgreSQLServer.shared.get().freshSchema() }

    /// Ends the server's side of every connection of `database` but the one that asks.
    private func cutConnections(named name: String) async throws {
        let administrator = PostgreSQLDatabase(try PostgreSQLServer.shared.get().conninfo(), connections: 1)
        try await administrator.write { transaction in
            _ = try transaction.query(
                "SELECT pg_terminate_backend(pid) IS NULL AS gone FROM pg_stat_activity WHERE application_name = ?", [.text(name)])
        }
        await administrator.close()
    }

    @Test func `a connection cut while idle is made again without anybody noticing`() async throws {
        let database = PostgreSQLDatabase(try await schema() + " application_name=idle_cut", connections: 2)
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        try await cutConnections(named: "idle_cut")
        try await database.write { try $0.execute("INSERT INTO t VALUES (1)") }
        #expect(try await database.read { try $0.query("SELECT a FROM t").count } == 1)
        await database.close()
    }

    @Test func `a connection cut in the middle of a body runs the body again, and its work stands once`() async throws {
        let database = PostgreSQLDatabase(try await schema() + " application_name=middle_cut", connections: 1)
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        let runs = Mutex(0)
        try await database.write { transaction in
            try transaction.execute("INSERT INTO t VALUES (1)")
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            if run == 1 { _ = try transaction.query("SELECT pg_terminate_backend(pg_backend_pid()) IS NULL AS gone") }
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(try await database.read { try $0.query("SELECT a FROM t").count } == 1)
        await database.close()
    }

    @Test func `a server that is away is an error at once, and no trouble once it is back`() async throws {
        let gone = PostgreSQLDatabase("host=/tmp/fettle-nobody-here user=fettle dbname=postgres", connections: 2)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await #expect { try await gone.probe() } throws: {
                        if case .disconnected = $0 as? DatabaseError { true } else { false }
                    }
                }
            }
        }
        await gone.close()
    }

    @Test func `concurrent increments of one row are all counted`() async throws {
        let database = PostgreSQLDatabase(try await schema(), connections: 4)
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (a BIGINT)")
            try transaction.execute("INSERT INTO t VALUES (0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask { _ = try await database.write { try $0.execute("UPDATE t SET a = a + 1") } }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try $0.query("SELECT a FROM t").first?.integer("a") } == 60)
        await database.close()
    }

    @Test func `two bodies that lock each other out are run again`() async throws {
        let database = PostgreSQLDatabase(try await schema(), connections: 4)
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (id BIGINT, a BIGINT)")
            try transaction.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let order: [Int64] = number % 2 == 0 ? [1, 2] : [2, 1]
                    try await database.write { transaction in
                        for id in order { try transaction.execute("UPDATE t SET a = a + 1 WHERE id = ?", [.integer(id)]) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try $0.query("SELECT a FROM t").map { try $0.integer("a") } } == [20, 20])
        await database.close()
    }

    @Test func `a swallowed error does not become a silent roll-back`() async throws {
        let database = PostgreSQLDatabase(try await schema(), connections: 1)
        await #expect(throws: DatabaseError.self) {
            try await database.write { transaction in
                try transaction.execute("CREATE TABLE t (a BIGINT)")
                _ = try? transaction.execute("INSERT INTO nowhere VALUES (1)")
            }
        }
        await database.close()
    }

    @Test func `many statements go out before the first answer comes back, and each is counted`() async throws {
        let database = PostgreSQLDatabase(try await schema(), connections: 1)
        try await database.write { try $0.execute("CREATE TABLE t (a BIGINT PRIMARY KEY)") }
        let changed = try await database.write { transaction in
            try transaction.execute("INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING", each: (0..<1000).map { [.integer(Int64($0 % 900))] })
        }
        #expect(changed == Array(repeating: 1, count: 900) + Array(repeating: 0, count: 100))
        await #expect(throws: DatabaseError.self) {
            try await database.write {
                try $0.execute("INSERT INTO t VALUES (?)", each: [[.integer(5000)], [.integer(1)], [.integer(5001)]])
            }
        }
        #expect(try await database.read { try $0.query("SELECT COUNT(*) AS n FROM t").first?.integer("n") } == 900)
        await database.close()
    }

    @Test(arguments: [
        ("SELECT ? AS a", "SELECT $1 AS a"), ("a = ? AND b = '?' AND c = ?", "a = $1 AND b = '?' AND c = $2"),
        ("SELECT \"odd?\" -- why?\n, ?", "SELECT \"odd?\" -- why?\n, $1"), ("'it''s ?' || ?", "'it''s ?' || $1"),
    ])
    func `question marks become numbers outside quotes and comments`(_ pair: (String, String)) {
        #expect(NumberedPlaceholders(pair.0).sql == pair.1)
    }
}
