import Glibc

/// In which order to run tests: likely failures first, cheap before dear.
///
/// A test costs one place in the queue and its time. `gamma` says how these weigh: 0 counts places only, 1 time only. The order is by
/// chance per cost, so that with equal chances the shorter test comes first. What no longer fits into two fifths of the whole time, taken in
/// this order, goes to the end, so that a run cut there has used its time.
package struct RunOrder: Sendable {
    package var gamma: Double
    /// Below 1 because estimates are bolder than the truth at the low end.
    private let costExponent = 0.92
    private let firstShare = 0.4

    package init(gamma: Double = 0.5) {
        self.gamma = min(1, max(0, gamma))
    }

    package struct Candidate: Sendable {
        package var test: TestID
        package var logProbability: Double
        /// Expected run time; not negative.
        package var duration: Double

        package init(test: TestID, logProbability: Double, duration: Double) {
            self.test = test
            self.logProbability = logProbability
            self.duration = duration.isFinite ? max(0, duration) : 0
        }
    }

    /// Indexes of `candidates` in run order. Equal ones come in name order, so that the same input gives the same order.
    package func order(_ candidates: [Candidate]) -> [Int] {
        let total = candidates.reduce(0) { $0 + $1.duration }
        let mean = candidates.isEmpty || total == 0 ? 1 : total / Double(candidates.count)
        let worth = candidates.map { $0.logProbability - costExponent * log((1 - gamma) + gamma * $0.duration / mean + 1e-6) }
        let ranked = candidates.indices.sorted { a, b in
            worth[a] == worth[b] ? candidates[a].test < candidates[b].test : worth[a] > worth[b]
        }
        return fill(ranked, candidates, total: total)
    }

    private func fill(_ ranked: [Int], _ candidates: [Candidate], total: Double) -> [Int] {
        guard gamma > 0 else { return ranked }
        var left = firstShare * total
        var first: [Int] = []
        var rest: [Int] = []
        for index in ranked {
            if candidates[index].duration <= left {
                left -= candidates[index].duration
                first.append(index)
            } else {
                rest.append(index)
            }
        }
        return first + rest
    }
}
