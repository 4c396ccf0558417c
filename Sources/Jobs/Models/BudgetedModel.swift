import Basics
import LLM
import Review
import Synchronization

/// Asks only when the repository's budget has room for the call at its worst, and takes that room before it asks.
final class BudgetedModel: LanguageModel {
    private let model: any LanguageModel
    private let ledger: BudgetLedger
    private let prices: PriceTable
    private let clock: any Clock
    private let key: String
    private let calls = Mutex(0)

    /// - Parameter key: what this use is known by, alike in no other job or attempt.
    init(_ model: any LanguageModel, ledger: BudgetLedger, prices: PriceTable, clock: any Clock, key: String) {
        self.model = model
        self.ledger = ledger
        self.prices = prices
        self.clock = clock
        self.key = key
    }

    var profile: ModelProfile { model.profile }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        let call = "\(key)/\(number)"
        let worst = amount(Self.worst(request), of: profile.name)
        do { try await ledger.reserve(worst, for: call) } catch let error as Budget.Exhausted {
            throw .overBudget(reason: error.reason)
        } catch {
            // A budget that cannot be kept is not spent from.
            throw .overBudget(reason: "the budget could not be read")
        }
        do {
            let reply = try await model.complete(request)
            await settle(call, reply.usage, reply.model, worst)
            return reply
        } catch {
            if case .cutOff(_, let usage) = error { await settle(call, usage, profile.name, worst) } else { await release(call, error) }
            throw error
        }
    }

    /// A server that does not count is charged what we took room for.
    private func settle(_ call: String, _ usage: TokenUsage, _ name: String, _ worst: Budget.Amount) async {
        let used = usage == .none ? worst : amount(usage, of: name)
        try? await ledger.settle(call, used: used)
    }

    /// Where no answer came we do not know what was charged, unless nothing was sent: the room stays taken.
    private func release(_ call: String, _ error: ModelError) async {
        switch error {
        case .unreachable, .unauthorized, .refused, .overBudget: try? await ledger.settle(call, used: .zero)
        default: break
        }
    }

    private func amount(_ usage: TokenUsage, of name: String) -> Budget.Amount {
        let cost = prices.cost(usage, model: name, at: clock.now) ?? prices.cost(usage, model: profile.name, at: clock.now)
        return Budget.Amount(tokens: usage.input + usage.output, money: cost ?? .zero)
    }

    /// The estimate with its error on top, and the longest answer.
    private static func worst(_ request: ModelRequest) -> TokenUsage {
        let texts = request.messages.map { message -> String in
            switch message {
            case .user(let prompt), .toolResult(_, let prompt): prompt.text
            case .assistant(let text, _): text
            }
        }
        let schema = request.answer.map { $0.schema.text } ?? ""
        let estimate = ([request.system, schema] + texts).reduce(0) { $0 + TokenEstimate.tokens(in: $1).count }
        return TokenUsage(input: TokenCount(Int(Double(estimate) * (1 + TokenEstimate.error)) + 16), output: request.longestAnswer)
    }
}
