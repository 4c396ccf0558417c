import Basics
import Jobs
import LLM
import Storage
import TestSupport
import Testing

struct BudgetTests {
    private func ledger(_ fixture: QueueFixture, tokens: Int) async throws -> BudgetLedger {
        try await fixture.database.migrate(BudgetLedger.migrations)
        return BudgetLedger(
            database: fixture.database, clock: fixture.clock, repository: "github:o/r", limits: Budget.Limits(tokens: TokenCount(tokens)))
    }

    private func amount(_ tokens: Int) -> Budget.Amount { Budget.Amount(tokens: TokenCount(tokens), money: .zero) }

    @Test(arguments: QueueFixture.engines) func `calls side by side cannot pass the ceiling together`(engine: QueueFixture.Engine)
        async throws
    {
        let ledger = try await ledger(try await QueueFixture(engine: engine), tokens: 1000)
        let granted = await withTaskGroup(of: Bool.self) { group in
            for call in 0..<40 {
                group.addTask { (try? await ledger.reserve(Budget.Amount(tokens: 100, money: .zero), for: "call \(call)")) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(granted == 10)
        #expect(try await ledger.committed().tokens.count == 1000)
    }

    @Test func `a call cut short by a crash stays charged, once, and a finished one is charged what it took`() async throws {
        let fixture = try await QueueFixture()
        let ledger = try await ledger(fixture, tokens: 1000)
        try await ledger.reserve(amount(400), for: "a")
        try await ledger.reserve(amount(400), for: "a")
        try await ledger.reserve(amount(500), for: "b")
        await #expect(throws: Budget.Exhausted.self) { try await ledger.reserve(amount(200), for: "c") }
        try await ledger.settle("b", used: amount(50))
        try await ledger.settle("b", used: amount(0))
        #expect(try await ledger.committed().tokens.count == 450)
        try await ledger.reserve(amount(200), for: "c")
        fixture.clock.advance(by: .seconds(86_400))
        #expect(try await ledger.committed().tokens.count == 0, "another day")
    }
}
