import Glibc

/// What share of the suite's time had passed in past red sessions when the test that caught them began, had each been ordered from the
/// sessions before it. Whatever begins within that share runs to its end.
///
/// Changes of past sessions are not at hand, so the order is by history alone: with the diff beside it, less is needed.
package struct ConfidenceCurve: Sendable, Hashable {
    /// One share from 0 to 1 for each red session, ascending.
    package private(set) var shares: [Double]

    package init(_ history: RunHistory, gamma: Double) {
        self.init(history.learningSessions, whole: history.sessions.map(\.isWhole), gamma: gamma)
    }

    init(_ sessions: [TestSession], whole: [Bool]? = nil, gamma: Double) {
        var predictor = FailurePredictor()
        var known: [TestID: Double] = [:]
        shares = []
        for (index, session) in sessions.enumerated() {
            // A selection's own run says nothing of what it left out.
            if session.isRed, whole?[index] ?? true, predictor.sessions > 0 { shares.append(Self.share(session, predictor, known, gamma)) }
            predictor.learn(session)
            for result in session.results where result.duration > 0 { known[result.test] = result.duration }
        }
        shares.sort()
    }

    /// A curve of no sessions, to be told of each as it comes.
    init() { shares = [] }

    /// Adds one red session's share.
    mutating func add(_ share: Double) {
        shares.insert(share, at: shares.firstIndex { $0 > share } ?? shares.count)
    }

    /// Time until the first failing test begins, as a share of all.
    private static func share(_ session: TestSession, _ predictor: FailurePredictor, _ known: [TestID: Double], _ gamma: Double) -> Double {
        let usual = DurationShift.median(Array(known.values))
        let candidates = session.results.map {
            RunOrder.Candidate(
                test: $0.test, logProbability: predictor.estimate($0.test).logProbability, duration: known[$0.test] ?? max(usual, 0.001))
        }
        let total = candidates.reduce(0) { $0 + $1.duration }
        var spent = 0.0
        for index in RunOrder(gamma: gamma).order(candidates) {
            if session.results[index].failed { return total > 0 ? spent / total : 0 }
            spent += candidates[index].duration
        }
        return 1
    }

    /// The share of time within which a test must begin to catch a red session with the given confidence; `nil` when the past is too short to promise it.
    ///
    /// The conformal quantile: with n sessions exchangeable with the next one, the k-th smallest share holds with k/(n+1).
    /// Source: Vovk, Gammerman, Shafer 2005, "Algorithmic Learning in a Random World"
    package func share(for confidence: Double) -> Double? {
        let rank = Int((confidence * Double(shares.count + 1)).rounded(.up))
        guard rank >= 1, rank <= shares.count else { return nil }
        return shares[rank - 1]
    }
}
