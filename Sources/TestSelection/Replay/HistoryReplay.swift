/// Orders each cycle of a recorded history as it would have been ordered then: from the verdicts of earlier cycles only.
package struct HistoryReplay: Sendable {
    private var predictor = FailurePredictor()
    private let runOrder: RunOrder

    package init(gamma: Double) {
        runOrder = RunOrder(gamma: gamma)
    }

    /// Row indexes of the cycle in run order; then learns its verdicts.
    package mutating func next(_ cycle: HistoryCSV.Cycle) -> [Int] {
        let candidates = cycle.rows.map { row in
            RunOrder.Candidate(test: row.test, logProbability: predictor.estimate(row.test).logProbability, duration: row.duration)
        }
        let order = runOrder.order(candidates)
        predictor.learn(TestSession(id: cycle.id, results: cycle.rows))
        return order
    }
}
