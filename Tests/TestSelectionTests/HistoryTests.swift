import TestSupport
import Testing

@testable import TestSelection

@Suite struct HistoryTests {
    private func session(_ id: Int, _ verdicts: [String: Bool]) -> TestSession {
        TestSession(id: "\(id)", results: verdicts.map { TestResult(test: TestID($0.key), failed: $0.value, duration: 1) })
    }

    @Test func `a test that fails often is likelier to fail than one that never did`() {
        var predictor = FailurePredictor()
        for index in 0..<20 { predictor.learn(session(index, ["a": index.isMultiple(of: 2), "zz/b": false])) }
        #expect(predictor.estimate(TestID("a")).probability > 0.3)
        #expect(predictor.estimate(TestID("zz/b")).probability < 0.05)
    }

    @Test func `the estimate is the sum of its terms`() {
        var predictor = FailurePredictor()
        for index in 0..<9 { predictor.learn(session(index, ["a/1": index == 4, "a/2": false])) }
        let estimate = predictor.estimate(TestID("a/1"))
        #expect(abs(estimate.terms.reduce(0) { $0 + $1.share } - estimate.logOdds) < 1e-9)
        #expect(estimate.terms.count == 8)
    }

    @Test func `a new test beside failing ones is likelier to fail than one beside passing ones`() {
        var predictor = FailurePredictor()
        for index in 0..<8 {
            var verdicts: [String: Bool] = [:]
            for number in 0..<6 {
                verdicts["red/\(number)"] = true
                verdicts["green/\(number)"] = false
            }
            predictor.learn(session(index, verdicts))
        }
        #expect(predictor.estimate(TestID("red/9")).logOdds > predictor.estimate(TestID("green/9")).logOdds)
    }

    @Test func `weights follow what a repository's own red sessions show, within bounds and never below zero`() {
        let shipped = FailureWeights.shipped
        var (drawn, repelled, same) = (shipped, shipped, shipped)
        for _ in 0..<20_000 {
            drawn.learn(failed: [(.recent, 2), (.slow, 1)], passed: [(.recent, -2), (.slow, 1)])
            repelled.learn(failed: [(.longRun, -3)], passed: [(.longRun, 3)])
            same.learn(failed: [(.longRun, 1), (.absence, 2)], passed: [(.longRun, 1), (.absence, 2)])
        }
        #expect(drawn[.recent] > shipped[.recent] && drawn[.recent] <= 2 * shipped[.recent])
        #expect(drawn[.slow] == shipped[.slow] && drawn[.longRun] == shipped[.longRun])
        #expect(repelled[.longRun] < shipped[.longRun] && repelled[.longRun] >= shipped[.longRun] / 2)
        for signal in HistorySignal.allCases { #expect(same[signal] == shipped[signal] && repelled[signal] > 0) }
    }

    @Test func `odd values move no weight out of its bounds`() {
        for value in [Double.infinity, -.infinity, .nan, 1e300, -1e300] {
            var weights = FailureWeights.shipped
            weights.learn(failed: [(.longRun, value)], passed: [(.longRun, 0)])
            let share = weights[.longRun] / FailureWeights.shipped[.longRun]
            #expect((0.5...2).contains(share), "\(value) gave \(share)")
        }
    }

    @Test func `names are near when only their last number differs`() {
        func distance(_ a: String, _ b: String) -> Double { NameKey(TestID(a)).distance(to: NameKey(TestID(b))) }
        #expect(distance("suite/case_9", "suite/case_10") == 1)
        #expect(distance("78074", "78149") == 75)
        #expect(distance("suite/case_1", "suite/case_900") < distance("suite/case_1", "other/case_1"))
        #expect(distance("pkg/a", "pkg/b") < distance("pkg/a/x", "pkg/b/y"))
        #expect(NameKey(TestID("t_9")) < NameKey(TestID("t_10")))
    }

    @Test func `with equal chances the shorter test runs first, and gamma 0 forgets time`() {
        let candidates = [
            RunOrder.Candidate(test: TestID("long"), logProbability: -1, duration: 100),
            RunOrder.Candidate(test: TestID("short"), logProbability: -1.1, duration: 1),
        ]
        #expect(RunOrder(gamma: 0.5).order(candidates) == [1, 0])
        #expect(RunOrder(gamma: 0).order(candidates) == [0, 1])
    }

    @Test func `durations of nothing, infinity and less than nothing still give an order`() {
        let durations = [0, .infinity, -5, .nan]
        let candidates = durations.enumerated().map { RunOrder.Candidate(test: TestID("\($0)"), logProbability: -1, duration: $1) }
        #expect(RunOrder().order(candidates).sorted() == [0, 1, 2, 3])
    }
}
