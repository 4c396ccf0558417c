/// Orders each cycle of a recorded history as it would have been ordered then: from the verdicts of earlier cycles only.
package struct HistoryReplay: Sendable {
    private var predictor = FailurePredictor()
    private var curve = ConfidenceCurve()
    private let runOrder: RunOrder

    package init(gamma: Double) {
        runOrder = RunOrder(gamma: gamma)
    }

    /// Row indexes of the cycle in run order; then learns its verdicts.
    package mutating func next(_ cycle: HistoryCSV.Cycle) -> [Int] { next(cycle, confidence: 0).order }

    /// The same, and how many of the first rows would have been run to catch a red cycle with this confidence: all, while the past is too
    /// short to promise it.
    package mutating func next(_ cycle: HistoryCSV.Cycle, confidence: Double) -> (order: [Int], run: Int) {
        let candidates = cycle.rows.map { row in
            RunOrder.Candidate(test: row.test, logProbability: predictor.estimate(row.test).logProbability, duration: row.duration)
        }
        let order = runOrder.order(candidates)
        let total = candidates.reduce(0) { $0 + $1.duration }
        var spent = 0.0
        var (run, isOver) = (0, false)
        let limit = curve.share(for: confidence).map { $0 * total + 1e-9 } ?? .infinity
        var caughtAt: Double?
        for index in order {
            isOver = isOver || spent > limit
            if !isOver { run += 1 }
            if caughtAt == nil, cycle.rows[index].failed { caughtAt = total > 0 ? spent / total : 0 }
            spent += candidates[index].duration
        }
        if let caughtAt, predictor.sessions > 0 { curve.add(caughtAt) }
        predictor.learn(TestSession(id: cycle.id, results: cycle.rows))
        return (order, run)
    }
}
