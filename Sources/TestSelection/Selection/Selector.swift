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
            return Selection(run: merged(choices), rest: [], everythingBecause: everything, budget: "everything")
        }
        var selection = cut(choices, situation)
        let all = choices.reduce(into: [TestID: Int]()) { $0[$1.unit, default: 0] += $1.cases.count }
        selection.run = merged(selection.run, of: all)
        selection.rest = merged(selection.rest, of: all)
        return selection
    }

    /// All units in run order, those a rule demands first; a unit whose cases are known by recorded coverage is one choice for each.
    private static func ordered(_ facts: SelectionFacts, _ demanded: [TestID: [RuleFinding]]) -> [Selection.Choice] {
        let situation = facts.situation
        var predictor = FailurePredictor()
        for session in situation.history.learningSessions { predictor.learn(session) }
        let ranking = ChangeRanking(situation.change, tests: situation.tests.map(\.path), history: situation.commits, suite: facts.suite)
        let together = FileFailures(situation.history, changed: situation.change.paths)
        let seconds = situation.history.lastSeconds
        let usual = max(0.01, DurationShift.median(Array(seconds.values)))
        let relevance = Relevance(ranking)
        let parts = Parts(facts, demanded: Set(demanded.keys))
        var choices: [Selection.Choice] = []
        var odds: [Double] = []
        choices.reserveCapacity(facts.units.count)
        for unit in facts.units {
            let estimate = predictor.estimate(unit)
            let unitOdds = estimate.logOdds + (relevance.shares[unit.name] ?? 0) + together.share(unit)
            let rules = demanded[unit] ?? []
            let reasons =
                rules.map { "\($0.rule): \($0.reason)" } + (together.reason(unit).map { [$0] } ?? [])
                + (relevance.reasons[unit.name] ?? []) + history(estimate, predictor, unit)
            for part in parts.of(unit, seconds: seconds[unit] ?? usual) {
                odds.append(unitOdds + part.share)
                choices.append(
                    Selection.Choice(
                        unit: unit, cases: part.cases, rules: rules, probability: 0, seconds: part.seconds,
                        reasons: (part.reason.map { [$0] } ?? []) + reasons))
            }
        }
        let excess = ExpectedFailures.excess(odds, expected: 1)
        for place in choices.indices { choices[place].probability = 1 / (1 + exp(excess - odds[place])) }
        let candidates = choices.map {
            RunOrder.Candidate(
                test: $0.cases.isEmpty ? $0.unit : TestID(([$0.unit.name] + $0.cases).joined(separator: "::")),
                logProbability: log(max($0.probability, 1e-12)),
                duration: $0.seconds)
        }
        let order = RunOrder(gamma: situation.request.gamma).order(candidates)
        return order.filter { !choices[$0].rules.isEmpty }.map { choices[$0] }
            + order.filter { choices[$0].rules.isEmpty }.map { choices[$0] }
    }

    /// Into how many choices a unit is divided, and what recorded coverage says of each.
    private struct Parts {
        struct Part {
            var cases: [String]
            var seconds: Double
            var share: Double
            var reason: String?
        }

        private let reach: ChangeReach?
        private let footprint: TestFootprint?
        private let divided: [TestID: [Int]]
        private let all: [TestID: [Int]]

        init(_ facts: SelectionFacts, demanded: Set<TestID>) {
            reach = facts.reach
            footprint = facts.situation.history.footprint
            let tests = facts.situation.dividesFiles ? facts.situation.tests.filter { !demanded.contains(TestID($0.path)) } : []
            divided = footprint?.parts(tests) ?? [:]
            all = footprint.map { known in Dictionary(grouping: known.cases.indices, by: { known.cases[$0].unit }) } ?? [:]
        }

        func of(_ unit: TestID, seconds: Double) -> [Part] {
            guard let reach, let footprint else { return [Part(cases: [], seconds: seconds, share: 0)] }
            guard let places = divided[unit] else {
                let best = (all[unit] ?? []).max { reach.shares[$0] < reach.shares[$1] }
                return [Part(cases: [], seconds: seconds, share: best.map { reach.shares[$0] } ?? 0, reason: best.flatMap(reach.reason))]
            }
            // What the file is likely to show is shared among its cases; so is the time that no case was seen to take.
            let own = places.map { Double(footprint.cases[$0].milliseconds) / 1000 }
            let more = max(0, seconds - own.reduce(0, +)) / Double(places.count)
            let divisor = log(Double(places.count))
            return zip(places, own).map { place, time in
                Part(
                    cases: [footprint.cases[place].name], seconds: max(0.0001, time + more), share: reach.shares[place] - divisor,
                    reason: reach.reason(place))
            }
        }
    }

    /// The choices of one unit as one, at the place of its first; whole again where they are `all` its cases.
    private static func merged(_ choices: [Selection.Choice], of all: [TestID: Int]? = nil) -> [Selection.Choice] {
        var merged: [Selection.Choice] = []
        var places: [TestID: Int] = [:]
        for choice in choices {
            guard let place = places[choice.unit] else {
                places[choice.unit] = merged.count
                merged.append(choice)
                continue
            }
            merged[place].cases += choice.cases
            merged[place].seconds += choice.seconds
            merged[place].probability = 1 - (1 - merged[place].probability) * (1 - choice.probability)
        }
        for place in merged.indices where all.map({ $0[merged[place].unit] == merged[place].cases.count }) ?? true {
            merged[place].cases = []
        }
        return merged
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
        if case .confidence = situation.request.budget { return begun(choices, within: limit, words) }
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
        let selection = Selection(run: run, rest: rest, everythingBecause: [], budget: words)
        return withLikeliest(selection)
    }

    /// A budget too small for the test that would most likely fail must not end in a green run of the others, or of none.
    private static func withLikeliest(_ selection: Selection) -> Selection {
        var selection = selection
        guard let place = selection.rest.indices.max(by: { selection.rest[$0].probability < selection.rest[$1].probability }) else {
            return selection
        }
        var choice = selection.rest[place]
        let isLikeliest = selection.run.allSatisfy { $0.probability < choice.probability }
        guard selection.run.isEmpty || isLikeliest && choice.probability >= likely else { return selection }
        choice.reasons.insert("likeliest to fail: it runs although it takes more than the budget", at: 0)
        selection.rest.remove(at: place)
        selection.run.insert(choice, at: 0)
        return selection
    }

    /// Of a change that breaks one test, it is this one rather than not.
    private static let likely = 0.5

    /// What begins within the time, beside all that a rule demands: of those the promise was not measured.
    private static func begun(_ choices: [Selection.Choice], within limit: Double, _ words: String) -> Selection {
        var spent = 0.0
        var run: [Selection.Choice] = []
        var rest: [Selection.Choice] = []
        for choice in choices {
            if !choice.rules.isEmpty {
                run.append(choice)
            } else if spent <= limit {
                run.append(choice)
                spent += choice.seconds
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
