import Basics
package import Forge
package import Storage
package import TestSelection

/// Recorded test runs in the server's database: one history for each repository, and what is shown on each commit.
package enum TestHistories {
    package static let migrations: [Migration] = [
        Migration(id: "tests-001") { dialect in
            [
                """
                CREATE TABLE test_histories (
                    repository TEXT NOT NULL PRIMARY KEY, recorded BIGINT NOT NULL, history \(dialect.bytes) NOT NULL, at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE test_checks (
                    repository TEXT NOT NULL, head TEXT NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL,
                    PRIMARY KEY (repository, head))
                """,
                // What a job has learnt already: an attempt that is taken up again learns nothing twice.
                "CREATE TABLE test_runs (job TEXT NOT NULL PRIMARY KEY, misses TEXT NOT NULL, at BIGINT NOT NULL)",
                "CREATE INDEX test_checks_age ON test_checks (at)", "CREATE INDEX test_runs_age ON test_runs (at)",
            ]
        }
    ]

    static func key(_ repository: RepositoryReference) -> String { "\(repository.forge.rawValue):\(repository.name)" }

    // MARK: Histories

    /// As bytes of its one format; `nil` when nothing is recorded.
    package static func bytes(of repository: RepositoryReference, in queue: JobQueue) async throws -> [UInt8]? {
        let key = key(repository)
        return try await queue.database.read { try bytes(key, in: $0) }
    }

    /// Puts what was recorded elsewhere in place, for a job that runs over a database of its own.
    package static func begin(_ repository: RepositoryReference, with bytes: [UInt8], in queue: JobQueue) async throws {
        let (key, now) = (key(repository), queue.clock.now)
        try await queue.database.write { transaction in
            try transaction.execute(
                "INSERT INTO test_histories (repository, recorded, history, at) VALUES (?, 0, ?, ?)",
                [.text(key), .bytes(bytes), .integer(now.microseconds)])
        }
    }

    private static func bytes(_ key: String, in transaction: any Transaction) throws -> [UInt8]? {
        try transaction.query("SELECT history FROM test_histories WHERE repository = ?", [.text(key)]).first?.bytes("history")
    }

    /// An empty one when nothing is recorded, and when what is there is damaged: then the problem is given.
    static func load(_ repository: RepositoryReference, in transaction: any Transaction) throws -> (history: RunHistory, problem: String?) {
        guard let bytes = try bytes(key(repository), in: transaction) else { return (RunHistory(), nil) }
        do { return (try RunHistory(parsing: bytes), nil) } catch { return (RunHistory(), error.description) }
    }

    static func save(_ history: RunHistory, of repository: RepositoryReference, at now: Timestamp, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO test_histories (repository, recorded, history, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (repository) DO UPDATE SET recorded = excluded.recorded, history = excluded.history, at = excluded.at
            """
        try transaction.execute(
            sql, [.text(key(repository)), .integer(history.recorded), .bytes(history.serialized()), .integer(now.microseconds)])
    }

    // MARK: What jobs did

    /// What this job found when it learnt; `nil` when it has not learnt yet.
    static func misses(foundBy job: JobID, in transaction: any Transaction) throws -> [MissedFailure]? {
        let row = try transaction.query("SELECT misses FROM test_runs WHERE job = ?", [.text(job.rawValue)]).first
        return try row.map { try JSONValue(parsing: $0.text("misses").utf8).decoded(as: [MissedFailure].self) }
    }

    /// Rows this old are nobody's any more.
    private static let kept = Duration.seconds(90 * 86_400)

    static func note(_ misses: [MissedFailure], foundBy job: JobID, at now: Timestamp, in transaction: any Transaction) throws {
        try transaction.execute(
            "INSERT INTO test_runs (job, misses, at) VALUES (?, ?, ?)",
            [.text(job.rawValue), .text(JSONValue(encoding: misses).text), .integer(now.microseconds)])
        for table in ["test_runs", "test_checks"] {
            try transaction.execute("DELETE FROM \(table) WHERE at < ?", [.integer((now - kept).microseconds)])
        }
    }

    // MARK: What is shown

    static func state(
        _ head: CommitID, of repository: RepositoryReference, in transaction: any Transaction
    ) throws -> TestCheckState {
        let sql = "SELECT state FROM test_checks WHERE repository = ? AND head = ?"
        let row = try transaction.query(sql, [.text(key(repository)), .text(head.hex)]).first
        return try row.map { try JSONValue(parsing: $0.text("state").utf8).decoded(as: TestCheckState.self) } ?? TestCheckState()
    }

    static func save(
        _ state: TestCheckState, _ head: CommitID, of repository: RepositoryReference, at now: Timestamp, in transaction: any Transaction
    ) throws {
        let sql = """
            INSERT INTO test_checks (repository, head, state, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (repository, head) DO UPDATE SET state = excluded.state, at = excluded.at
            """
        try transaction.execute(
            sql, [.text(key(repository)), .text(head.hex), .text(JSONValue(encoding: state).text), .integer(now.microseconds)])
    }
}

/// What is known of the tests on one commit.
package struct TestCheckState: Sendable, Hashable, Codable {
    package var selection: SelectionNotice?
    package var run: RunNotice?
    package var coverage: CoverageNotice?
    /// Failures that selections had left out.
    package var missed = 0

    package init() {}
}
