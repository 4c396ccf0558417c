package import Basics
package import LLM
package import Storage

/// One repository's budget of the day (UTC), kept in the database: exact over crashes and over any number of processes.
///
/// Room is taken in one transaction before a call and settled after it; a call that a crash cut short stays charged at its worst.
package struct BudgetLedger: Sendable {
    package static let migrations: [Migration] = [
        Migration(id: "budget-001") { _ in
            [
                """
                CREATE TABLE budget_days (
                    repository TEXT NOT NULL, day BIGINT NOT NULL, tokens BIGINT NOT NULL, micros BIGINT NOT NULL,
                    PRIMARY KEY (repository, day))
                """,
                """
                CREATE TABLE budget_calls (
                    call_key TEXT PRIMARY KEY, repository TEXT NOT NULL, day BIGINT NOT NULL, tokens BIGINT NOT NULL, micros BIGINT NOT NULL,
                    is_settled BIGINT NOT NULL)
                """,
            ]
        }
    ]

    private let database: any Database
    private let clock: any Clock
    private let repository: String
    private let limits: Budget.Limits

    package init(database: any Database, clock: any Clock, repository: String, limits: Budget.Limits) {
        self.database = database
        self.clock = clock
        self.repository = repository
        self.limits = limits
    }

    private static func day(_ time: Timestamp) -> Int64 { time.microseconds / 86_400_000_000 }

    /// Throws `Budget.Exhausted` when there is no room. The same key again changes nothing.
    package func reserve(_ amount: Budget.Amount, for key: String) async throws {
        let (repository, limits, day) = (repository, limits, Self.day(clock.now))
        try await database.write { transaction in
            let known = try transaction.query("SELECT call_key FROM budget_calls WHERE call_key = ?", [.text(key)])
            guard known.isEmpty else { return }
            let start =
                "INSERT INTO budget_days (repository, day, tokens, micros) VALUES (?, ?, 0, 0) ON CONFLICT (repository, day) DO NOTHING"
            try transaction.execute(start, [.text(repository), .integer(day)])
            // The update takes the row: whoever comes at the same time waits, and sees this call's room taken.
            try Self.add(amount.tokens.count, amount.money.micros, to: repository, day, transaction)
            let after = try Self.committed(repository, day, transaction)
            let before = Budget.Amount(
                tokens: TokenCount(after.tokens.count - amount.tokens.count), money: USD(micros: after.money.micros - amount.money.micros))
            try limits.check(amount, beside: before)
            let call = "INSERT INTO budget_calls (call_key, repository, day, tokens, micros, is_settled) VALUES (?, ?, ?, ?, ?, 0)"
            try transaction.execute(
                call, [.text(key), .text(repository), .integer(day), .integer(Int64(amount.tokens.count)), .integer(amount.money.micros)])
        }
    }

    /// Replaces what was reserved by what was used. Once: another time changes nothing.
    package func settle(_ key: String, used: Budget.Amount) async throws {
        try await database.write { transaction in
            let sql = "SELECT repository, day, tokens, micros FROM budget_calls WHERE call_key = ? AND is_settled = 0"
            guard let row = try transaction.query(sql, [.text(key)]).first else { return }
            let tokens = Int64(used.tokens.count) - (try row.integer("tokens"))
            let micros = used.money.micros - (try row.integer("micros"))
            try Self.add(Int(tokens), micros, to: try row.text("repository"), try row.integer("day"), transaction)
            try transaction.execute(
                "UPDATE budget_calls SET is_settled = 1, tokens = ?, micros = ? WHERE call_key = ?",
                [.integer(Int64(used.tokens.count)), .integer(used.money.micros), .text(key)])
        }
    }

    /// Used and reserved today.
    package func committed() async throws -> Budget.Amount {
        let (repository, day) = (repository, Self.day(clock.now))
        return try await database.read { try Self.committed(repository, day, $0) }
    }

    private static func add(_ tokens: Int, _ micros: Int64, to repository: String, _ day: Int64, _ transaction: any Transaction) throws {
        try transaction.execute(
            "UPDATE budget_days SET tokens = tokens + ?, micros = micros + ? WHERE repository = ? AND day = ?",
            [.integer(Int64(tokens)), .integer(micros), .text(repository), .integer(day)])
    }

    private static func committed(_ repository: String, _ day: Int64, _ transaction: any Transaction) throws -> Budget.Amount {
        let sql = "SELECT tokens, micros FROM budget_days WHERE repository = ? AND day = ?"
        guard let row = try transaction.query(sql, [.text(repository), .integer(day)]).first else { return .zero }
        return Budget.Amount(tokens: TokenCount(Int(try row.integer("tokens"))), money: USD(micros: try row.integer("micros")))
    }
}
