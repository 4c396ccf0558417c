import Text

/// Tests that are new, changed, or moved.
enum ChangedTestRule: SelectionRule {
    static let name = "changed test"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.compactMap { file, role in
            guard role == .test, file.kind != .removed else { return nil }
            let what = file.kind == .added ? "it is new" : file.kind == .renamed ? "it was moved" : "it was changed"
            return RuleFinding(rule: name, effect: .unit(TestID(file.path)), reason: what)
        }
    }
}

enum LinkedTestRule: SelectionRule {
    static let name = "linked test"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.situation.linkedTests.map {
            RuleFinding(rule: name, effect: .unit(TestID($0)), reason: "it is a link, and what it leads to is not followed")
        }
    }
}

enum NeverRecordedRule: SelectionRule {
    static let name = "never recorded"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let known = Set(facts.situation.history.sessions.flatMap { facts.situation.history.ran(in: $0) })
        return facts.units.filter { !known.contains($0) }.map {
            RuleFinding(rule: name, effect: .unit($0), reason: "no run of it is recorded")
        }
    }
}

/// Its last run on this branch failed; with no run on this branch, its last run anywhere.
enum FailedLastTimeRule: SelectionRule {
    static let name = "failed last time"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let history = facts.situation.history
        var last: [TestID: (failed: Bool, here: Bool)] = [:]
        for session in history.sessions {
            let here = session.branch == facts.situation.request.branch
            let failed = history.failed(in: session)
            for unit in history.ran(in: session) where here || last[unit]?.here != true { last[unit] = (failed.contains(unit), here) }
        }
        return facts.units.filter { last[$0]?.failed == true }.map {
            RuleFinding(rule: name, effect: .unit($0), reason: "its last run failed")
        }
    }
}

enum AlwaysRule: SelectionRule {
    static let name = "always run"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.situation.request.always.flatMap { pattern in
            let glob = Glob(pattern)
            return facts.units.filter { glob.matches($0.name) }.map {
                RuleFinding(rule: name, effect: .unit($0), reason: "'\(pattern)' says so")
            }
        }
    }
}
