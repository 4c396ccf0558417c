import Glibc

/// Decides: hard rules first, then the likeliest failures per second until the budget is used.
package enum Selector {
    package static func select(_ situation: SelectionSituation) -> Selection {
        var selection = decide(situation)
        selection.outside = situation.outsideSuite
        return selection
    }

    private static func decide(_ situation: SelectionSituation) -> Selection {
        let facts = SelectionFacts(situation)
        let findings = RuleRegistry.rules.flatMap { $0.findings(facts) }
        let everything = findings.filter { $0.effect == .everything }
        var demanded: [TestID: [RuleFinding]] = [:]
        for finding in findings { if case .unit(let unit) = finding.effect { demanded[unit, default: []].append(finding) } }
        let choices = ordered(facts, demanded)
        guard everything.isEmpty else {
            return Selection(run: choices, rest: [], everythingBecause: everything, budget: "everything")
        }
        return cut(choices, situation)
    }

    /// All units in run order: those a rule demands first.
    private static func ordered(_ facts: SelectionFacts, _ demanded: [TestID: [RuleFinding]]) -> [Selection.Choice] {
        let situation = facts.situation
        var predictor = FailurePredictor()
        for session in situation.history.learningSessions { predictor.learn(session) }
        let ranking = ChangeRanking(situation.change, tests: situation.tests, history: situation.commits, graph: facts.graph)
        let together = FileFailures(situation.history, changed: situation.change.paths)
        let seconds = situation.history.lastSeconds
        let usual = max(0.01, DurationShift.median(Array(seconds.values)))
        let relevance = Relevance(ranking)
        let estimates = facts.units.map { predictor.estimate($0) }
        let odds = zip(facts.units, estimates).map { $1.logOdds + (relevance.shares[$0.name] ?? 0) + together.share($0) }
        let excess = ExpectedFailures.excess(odds, expected: 1)
        let choices = zip(facts.units, zip(estimates, odds)).map { unit, known in
            let rules = demanded[unit] ?? []
            return Selection.Choice(
                unit: unit, rules: rules, probability: 1 / (1 + exp(excess - known.1)), seconds: seconds[unit] ?? usual,
                reasons: rules.map { "\($0.rule): \($0.reason)" } + (together.reason(unit).map { [$0] } ?? [])
                    + (relevance.reasons[unit.name] ?? []) + history(known.0, predictor, unit))
        }
        let candidates = choices.map {
            RunOrder.Candidate(test: $0.unit, logProbability: log(max($0.probability, 1e-12)), duration: $0.seconds)
        }
        let order = RunOrder(gamma: situation.request.gamma).order(candidates)
        return order.filter { !choices[$0].rules.isEmpty }.map { choices[$0] }
            + order.filter { choices[$0].rules.isEmpty }.map { choices[$0] }
    }

    private static func history(_ past: FailureEstimate, _ predictor: FailurePredictor, _ unit: TestID) -> [String] {
        guard predictor.knows(unit), past.probability > 1.5 * predictor.suiteRate else { return [] }
        return ["fails more often than others here (\(Int((past.probability * 100).rounded())) %)"]
    }

    /// What the change says, against what it says of the middle test.
    private struct Relevance {
        var shares: [String: Double] = [:]
        var reasons: [String: [String]] = [:]

        init(_ ranking: ChangeRanking) {
            let middle = DurationShift.median(ranking.tests.map(\.score))
            for test in ranking.tests {
                shares[test.path] = test.score - middle
                if test.score > middle { reasons[test.path] = test.reasons }
            }
        }
    }

    private static func cut(_ choices: [Selection.Choice], _ situation: SelectionSituation) -> Selection {
        let total = choices.reduce(0) { $0 + $1.seconds }
        let (limit, words) = limit(situation, total: total)
        guard let limit else {
            let finding = RuleFinding(rule: "past too short", effect: .everything, reason: words)
            return Selection(run: choices, rest: [], everythingBecause: [finding], budget: words)
        }
        var left = limit
        var run: [Selection.Choice] = []
        var rest: [Selection.Choice] = []
        for choice in choices {
            if !choice.rules.isEmpty || choice.seconds <= left {
                run.append(choice)
                left -= choice.seconds
            } else {
                rest.append(choice)
            }
        }
        return Selection(run: run, rest: rest, everythingBecause: [], budget: words)
    }

    private static func limit(_ situation: SelectionSituation, total: Double) -> (seconds: Double?, words: String) {
        switch situation.request.budget {
        case .seconds(let seconds): return (seconds, "\(whole(seconds)) seconds")
        case .share(let share): return (share * total + 1e-9, "\(whole(share * 100)) % of the suite's \(whole(total)) seconds")
        case .confidence(let confidence):
            let curve = ConfidenceCurve(situation.history, gamma: situation.request.gamma)
            guard let share = curve.share(for: confidence) else {
                return (nil, "\(curve.shares.count) red sessions are recorded, too few to promise \(whole(confidence * 100)) %")
            }
            let words = "\(whole(share * 100)) % of the time caught \(whole(confidence * 100)) % of \(curve.shares.count) red sessions"
            return (share * total + 1e-9, words)
        }
    }

    private static func whole(_ value: Double) -> String { value.isFinite ? String(Int(value.rounded())) : "all" }
}
