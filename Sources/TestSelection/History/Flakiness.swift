/// How often a unit changes its verdict while the code stays the same.
package struct Flakiness: Sendable, Hashable {
    package var unit: TestID
    /// Passes on retry, and failures that the same commit also passed.
    package var flips: Int
    package var runs: Int
    /// Expected share of runs that flip, drawn towards one in a hundred by fifty runs' weight.
    package var rate: Double { (Double(flips) + 0.5) / (Double(runs) + 50) }

    /// Seen often enough to say so: two flips, and more than one run in fifty.
    package var isFlaky: Bool { flips >= 2 && rate > 0.02 }

    /// Units that ever flipped, the worst first.
    package static func all(in history: RunHistory) -> [Flakiness] {
        var flips: [TestID: Int] = [:]
        var runs: [TestID: Int] = [:]
        for session in history.sessions {
            for unit in history.ran(in: session) { runs[unit, default: 0] += 1 }
            for unit in history.retried(in: session) { flips[unit, default: 0] += 1 }
        }
        for flip in history.flippedFailures { flips[history.units[flip.unit], default: 0] += 1 }
        return flips.map { Flakiness(unit: $0, flips: $1, runs: runs[$0] ?? 0) }.sorted { ($1.rate, $0.unit) < ($0.rate, $1.unit) }
    }
}
