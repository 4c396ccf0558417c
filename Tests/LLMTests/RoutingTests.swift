import Basics
import LLM
import TestSupport
import Testing

@Suite struct RoutingTests {
    private let start = Timestamp(seconds: 1_000)

    @Test func `the first model of the chain is asked, and the next one while it fails`() {
        var router = ModelRouter(routes: [.init("review"): ["big", "small"]], fallback: ["small"], threshold: 2, pause: .seconds(60))
        #expect(router.choose(for: .init("review"), at: start)?.model == "big")
        #expect(router.choose(for: .init("failure"), at: start)?.model == "small")
        #expect(router.choose(for: .init("review"), at: start, tried: ["big"])?.model == "small")
        router.failed("big", at: start)
        #expect(router.choose(for: .init("review"), at: start)?.model == "big")
        router.failed("big", at: start)
        #expect(router.isOpen("big", at: start) && router.choose(for: .init("review"), at: start)?.model == "small")
        #expect(router.choose(for: .init("review"), at: start, tried: ["small"]) == nil)
    }

    @Test func `after the pause one request tries a failing model, and success closes the breaker`() {
        var router = ModelRouter(fallback: ["only"], threshold: 1, pause: .seconds(60))
        router.failed("only", at: start)
        let later = start + .seconds(60)
        #expect(router.choose(for: .init("x"), at: start) == nil)
        #expect(router.choose(for: .init("x"), at: later)?.because == "trying it again after failures")
        #expect(router.choose(for: .init("x"), at: later) == nil)
        router.succeeded("only")
        #expect(router.choose(for: .init("x"), at: later)?.model == "only")
    }

    @Test func `reservations side by side never pass the ceiling, whatever order they end in`() throws {
        let random = SeededRandom(seed: 8)
        var budget = Budget(limits: .init(tokens: 10_000, money: USD(micros: 5_000)))
        var open: [String] = []
        for step in 0..<5000 {
            if random.below(2) == 0 {
                let amount = Budget.Amount(tokens: TokenCount(random.below(3000)), money: USD(micros: Int64(random.below(1500))))
                if (try? budget.reserve(amount, for: "k\(step)")) != nil { open.append("k\(step)") }
            } else if !open.isEmpty {
                let key = open.remove(at: random.below(open.count))
                if random.below(4) == 0 {
                    budget.release(key)
                } else {
                    budget.settle(key, used: .init(tokens: TokenCount(random.below(3)), money: USD(micros: 1)))
                }
            }
            #expect(budget.committed.tokens.count <= 10_000 && budget.committed.money.micros <= 5_000)
        }
        #expect(budget.spent.tokens.count > 0)
    }

    @Test func `the same key is charged once, and a crash leaves its reservation charged`() throws {
        var budget = Budget(limits: .init(tokens: 100))
        try budget.reserve(.init(tokens: 80, money: .zero), for: "a")
        try budget.reserve(.init(tokens: 80, money: .zero), for: "a")
        #expect(budget.committed.tokens == 80)
        #expect(throws: Budget.Exhausted.self) { try budget.reserve(.init(tokens: 30, money: .zero), for: "b") }
        budget.settle("a", used: .init(tokens: 50, money: .zero))
        budget.settle("a", used: .init(tokens: 50, money: .zero))
        #expect(budget.spent.tokens == 50 && budget.reserved.isEmpty)
    }

    @Test func `the price in force at the time is used, exact names first`() {
        let prices = PriceTable([
            .init(model: "gpt-*", validFrom: Timestamp(seconds: 0), input: USD(micros: 1_000_000), output: USD(micros: 2_000_000)),
            .init(model: "gpt-x", validFrom: Timestamp(seconds: 0), input: USD(micros: 3_000_000), output: USD(micros: 6_000_000)),
            .init(model: "gpt-x", validFrom: Timestamp(seconds: 5_000), input: USD(micros: 30_000), output: USD(micros: 60_000)),
        ])
        let usage = TokenUsage(input: 1000, output: 100)
        #expect(prices.cost(usage, model: "gpt-x", at: start) == USD(micros: 3_600))
        #expect(prices.cost(usage, model: "gpt-x", at: Timestamp(seconds: 6_000)) == USD(micros: 36))
        #expect(prices.cost(usage, model: "gpt-other", at: start) == USD(micros: 1_200))
        #expect(prices.cost(usage, model: "llama", at: start) == nil)
        #expect(prices.cost(.init(input: TokenCount(.max), output: TokenCount(.max)), model: "gpt-x", at: start) != nil)
    }
}
