package import Basics
import Synchronization

/// Several models as one: the best that is not left alone just now is asked, and the next when it fails.
///
/// However many there are, one call sends at most three requests on the wire.
package final class RoutedModel: LanguageModel {
    private static let mostRequests = 3

    /// The first model's name, with the least room of all: a prompt that fits it fits each.
    package let profile: ModelProfile
    private let models: [String: any LanguageModel]
    private let count: Int
    private let work: ModelRouter.Work
    private let router: Mutex<ModelRouter>
    private let clock: any Clock

    /// `chain`: best first, at most three count. `nil` when it is empty.
    package init?(_ chain: [any LanguageModel], for work: ModelRouter.Work, clock: any Clock) {
        let chain = Array(chain.prefix(Self.mostRequests))
        guard var profile = chain.first?.profile else { return nil }
        for model in chain {
            profile.contextWindow = min(profile.contextWindow, model.profile.contextWindow)
            profile.longestAnswer = min(profile.longestAnswer, model.profile.longestAnswer)
        }
        self.profile = profile
        models = Dictionary(chain.map { ($0.profile.name, $0) }, uniquingKeysWith: { first, _ in first })
        count = models.count
        self.work = work
        self.clock = clock
        var names: [String] = []
        for model in chain where !names.contains(model.profile.name) { names.append(model.profile.name) }
        router = Mutex(ModelRouter(fallback: names))
    }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        var tried: Set<String> = []
        let allowed = min(Self.mostRequests, max(1, request.mostAttempts))
        var left = allowed
        var last: ModelError?
        while left > 0, let model = next(after: tried, isScarce: allowed < count) {
            tried.insert(model.profile.name)
            var request = request
            request.mostAttempts = max(1, left - (count - tried.count))
            let before = allowed - left
            left -= request.mostAttempts
            do {
                var reply = try await model.complete(request)
                reply.attempts += before
                router.withLock { $0.succeeded(model.profile.name) }
                return reply
            } catch {
                note(error, of: model.profile.name)
                guard Self.isWorthAnother(error) else { throw error }
                last = error
            }
        }
        // Every model is being left alone after failures in a row.
        throw last ?? .unreachable(server: profile.name, reason: "it failed several times in a row and is left alone for a minute")
    }

    private func next(after tried: Set<String>, isScarce: Bool) -> (any LanguageModel)? {
        let choice = router.withLock { $0.choose(for: work, at: clock.now, tried: tried, isScarce: isScarce) }
        return choice.flatMap { models[$0.model] }
    }

    private func note(_ error: ModelError, of model: String) {
        switch error {
        // The server works; it is the answer or we that ended it.
        case .cutOff, .withheld, .overBudget: router.withLock { $0.succeeded(model) }
        case .cancelled: router.withLock { $0.released(model) }
        default: router.withLock { $0.failed(model, at: clock.now) }
        }
    }

    /// What came before a break is used, and a cancelled question is nobody's.
    private static func isWorthAnother(_ error: ModelError) -> Bool {
        switch error {
        case .cutOff, .cancelled, .overBudget: false
        default: true
        }
    }
}
