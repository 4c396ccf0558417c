package import Basics

/// Which model to ask for which kind of work, and which next when it fails. A value: time comes in, the state goes with it.
///
/// A model that failed `threshold` times in a row is left alone for `pause`; then one request tries it again.
package struct ModelRouter: Sendable, Hashable {
    /// A kind of work, e.g. `review`, `failure`.
    package struct Work: Sendable, Hashable {
        package let name: String

        package init(_ name: String) {
            self.name = name
        }
    }

    package struct Choice: Sendable, Hashable {
        package let model: String
        /// Our own words, e.g. “first choice for review”.
        package let because: String
    }

    private struct Breaker: Sendable, Hashable {
        var failures = 0
        var openUntil: Timestamp?
        var isTrying = false
    }

    private let routes: [Work: [String]]
    private let fallback: [String]
    private let threshold: Int
    private let pause: Duration
    private var breakers: [String: Breaker] = [:]

    /// `routes`: model names per kind of work, best first; `fallback` for every other kind.
    package init(routes: [Work: [String]] = [:], fallback: [String], threshold: Int = 3, pause: Duration = .seconds(60)) {
        self.routes = routes
        self.fallback = fallback
        self.threshold = max(1, threshold)
        self.pause = pause
    }

    /// The best model that is not left alone just now; `nil` when there is none. Models in `tried` failed for this very request.
    ///
    /// - Parameter isScarce: not every model can be tried: those that failed last come behind those that did not.
    package mutating func choose(for work: Work, at now: Timestamp, tried: Set<String> = [], isScarce: Bool = false) -> Choice? {
        var chain = routes[work] ?? fallback
        if isScarce { chain = chain.filter { breakers[$0] == nil } + chain.filter { breakers[$0] != nil } }
        for (place, model) in chain.enumerated() where !tried.contains(model) {
            var breaker = breakers[model] ?? Breaker()
            if let until = breaker.openUntil {
                guard now >= until, !breaker.isTrying else { continue }
                breaker.isTrying = true
                breakers[model] = breaker
                return Choice(model: model, because: "trying it again after failures")
            }
            return Choice(model: model, because: place == 0 ? "first choice for \(work.name)" : "those before it are failing")
        }
        return nil
    }

    /// A try ended without telling anything: another one may follow.
    package mutating func released(_ model: String) { breakers[model]?.isTrying = false }

    package mutating func succeeded(_ model: String) { breakers[model] = nil }

    package mutating func failed(_ model: String, at now: Timestamp) {
        var breaker = breakers[model] ?? Breaker()
        breaker.failures = min(breaker.failures + 1, 1_000_000)
        breaker.isTrying = false
        if breaker.failures >= threshold { breaker.openUntil = now + pause }
        breakers[model] = breaker
    }

    /// Left alone at this moment.
    package func isOpen(_ model: String, at now: Timestamp) -> Bool { breakers[model]?.openUntil.map { now < $0 } ?? false }
}
