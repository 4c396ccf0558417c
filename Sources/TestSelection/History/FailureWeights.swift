import Glibc

/// What a test's past says of its next run: each a value in the log-odds, and how much it counts.
enum HistorySignal: Int, Sendable, CaseIterable {
    case longRun, pattern, recent, slow
    /// Neighbours of a test that never failed, of one that did, and the two nearest.
    case neighboursOfSpotless, neighboursOfFailed, nearest, neighboursLongRun
    /// Sessions since the last run: what was left out may have broken unseen.
    case absence

    var name: String {
        switch self {
        case .longRun: "long-run failure rate"
        case .pattern: "what followed such last verdicts"
        case .recent: "recent failures"
        case .slow: "failures over months"
        case .neighboursOfSpotless, .neighboursOfFailed: "failures of neighbours"
        case .nearest: "failures of the nearest tests"
        case .neighboursLongRun: "long-run rate of neighbours"
        case .absence: "sessions not run"
        }
    }
}

/// How much each history signal counts, in the log-odds of a failure.
///
/// Set on the first half of one public history and checked on its second half and on another project's; the result is flat around
/// these values. From there each repository's own red sessions move them, within bounds. All are positive: a signal that speaks for a
/// failure never lowers the estimate.
struct FailureWeights: Sendable {
    private var values: [Double]
    /// A test never run: neighbours' first runs, and neighbours lately.
    let neighboursFirstRun = 0.1
    let neighboursOfNew = 0.2

    static let shipped = FailureWeights(values: [0.85, 0.42, 0.08, 0.12, 0.4, 0.1, 0.1, 0.1, 0.12])

    subscript(signal: HistorySignal) -> Double { values[signal.rawValue] }

    /// Small: most repositories see few red sessions, and what was shipped has seen many. On two public histories it
    /// changes nothing to speak of (.001 up in one measure, .001 down in the other); four times as much loses.
    private static let rate = 0.0005
    /// How many times more or less a signal may come to count.
    private static let bound = 2.0

    typealias Signals = [(signal: HistorySignal, value: Double)]

    /// One step of pairwise logistic regression, towards telling a test that failed from one that passed beside it; multiplied, so that no
    /// weight changes its sign.
    mutating func learn(failed: Signals, passed: Signals) {
        var difference = [Double](repeating: 0, count: values.count)
        for (signal, value) in failed { difference[signal.rawValue] += value }
        for (signal, value) in passed { difference[signal.rawValue] -= value }
        let margin = zip(values, difference).reduce(0) { $0 + $1.0 * $1.1 }
        guard margin.isFinite else { return }
        let step = Self.rate / (1 + exp(margin))
        for place in values.indices {
            let shipped = Self.shipped.values[place]
            let moved = values[place] * exp(max(-1, min(1, step * difference[place] * shipped)))
            values[place] = min(shipped * Self.bound, max(shipped / Self.bound, moved))
        }
    }
}
