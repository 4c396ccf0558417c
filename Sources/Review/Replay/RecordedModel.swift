package import Basics
package import LLM
import Synchronization

/// What was asked and answered once: enough to run the same review again without a model.
package struct ModelExchange: Sendable, Hashable, Codable {
    /// Of the request without its random delimiter.
    package let request: Fingerprint
    package let reply: UntrustedText?
    package let usage: TokenUsage
    package let model: String
    /// Why there was no reply: the error's kind, e.g. `server_failed 503`.
    package let failure: String?
    /// With `cut_off`, what came before the break.
    package let partial: UntrustedText?
    /// Requests that the reply took; `nil`: one.
    package let attempts: Int?
}

/// Passes requests on and keeps every answer.
package final class RecordedModel: LanguageModel {
    private let model: any LanguageModel
    private let kept = Mutex<[ModelExchange]>([])

    package init(_ model: any LanguageModel) {
        self.model = model
    }

    package var profile: ModelProfile { model.profile }
    package var exchanges: [ModelExchange] { kept.withLock { $0 } }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let key = RequestKey.of(request)
        do {
            let reply = try await model.complete(request)
            let exchange = ModelExchange(
                request: key, reply: reply.text, usage: reply.usage, model: reply.model, failure: nil, partial: nil,
                attempts: reply.attempts > 1 ? reply.attempts : nil)
            kept.withLock { $0.append(exchange) }
            return reply
        } catch {
            var usage = TokenUsage.none
            var partial: UntrustedText?
            if case .cutOff(let text, let spent) = error { (partial, usage) = (text, spent) }
            let exchange = ModelExchange(
                request: key, reply: nil, usage: usage, model: profile.name, failure: FailureName.of(error), partial: partial,
                attempts: nil)
            kept.withLock { $0.append(exchange) }
            throw error
        }
    }
}

/// Answers from a record. A request that is not in it fails: replaying never asks anybody.
package final class ReplayedModel: LanguageModel {
    package let profile: ModelProfile
    private let left: Mutex<[ModelExchange]>

    package init(profile: ModelProfile, exchanges: [ModelExchange]) {
        self.profile = profile
        left = Mutex(exchanges)
    }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let key = RequestKey.of(request)
        let exchange = left.withLock { left -> ModelExchange? in
            guard let index = left.firstIndex(where: { $0.request == key }) else { return nil }
            return left.remove(at: index)
        }
        guard let exchange else { throw .refused(server: "replay", status: 404, reason: "this request is not in the bundle") }
        if let text = exchange.reply {
            var reply = ModelReply(text: text, usage: exchange.usage, model: exchange.model)
            reply.attempts = exchange.attempts ?? 1
            return reply
        }
        throw FailureName.error(exchange)
    }
}

/// The same request has the same key in every run: the random delimiter is left out.
enum RequestKey {
    static func of(_ request: ModelRequest) -> Fingerprint {
        let prompts = request.messages.map { message -> String in
            switch message {
            case .user(let prompt), .toolResult(_, let prompt): prompt.text
            case .assistant(let text, _): text
            }
        }
        let first = prompts.first ?? ""
        let mark = first.hasPrefix("<<<") ? String(first.dropFirst(3).prefix { $0 != "\n" }) : ""
        let texts = ([request.system] + prompts).map { mark.isEmpty ? $0 : $0.replacing(mark, with: "") }
        return Fingerprint(kind: "request", path: request.answer?.name ?? "", code: texts.flatMap(\.textLines))
    }
}

/// Errors of a model by name: what a record keeps of them. Reasons may name servers and are left out.
enum FailureName {
    static func of(_ error: ModelError) -> String {
        switch error {
        case .unreachable: "unreachable"
        case .timedOut(_, let after): "timed_out \(Int(after.inSeconds.rounded()))"
        case .unauthorized: "unauthorized"
        case .rateLimited: "rate_limited"
        case .refused(_, let status, _): "refused \(status)"
        case .serverFailed(_, let status, _): "server_failed \(status)"
        case .cutOff: "cut_off"
        case .empty: "empty"
        case .malformed: "malformed"
        case .withheld: "withheld"
        case .overBudget: "over_budget"
        case .cancelled: "cancelled"
        }
    }

    static func error(_ exchange: ModelExchange) -> ModelError {
        let parts = (exchange.failure ?? "").split(separator: " ")
        let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        switch parts.first {
        case "unreachable": return .unreachable(server: "replay", reason: "as recorded")
        case "timed_out": return .timedOut(server: "replay", after: .seconds(number))
        case "unauthorized": return .unauthorized(server: "replay", reason: "as recorded")
        case "rate_limited": return .rateLimited(server: "replay", retryAfter: nil)
        case "refused": return .refused(server: "replay", status: number, reason: "as recorded")
        case "server_failed": return .serverFailed(server: "replay", status: number, reason: "as recorded")
        case "cut_off": return .cutOff(partial: exchange.partial ?? "", usage: exchange.usage)
        case "empty": return .empty(server: "replay")
        case "withheld": return .withheld(server: "replay", reason: "as recorded")
        case "over_budget": return .overBudget(reason: "as recorded")
        case "cancelled": return .cancelled
        default: return .malformed(server: "replay", reason: "as recorded")
        }
    }
}
