import Basics
import Text

/// The change is not known whole: no base, no common ancestor, a history cut off.
enum UnreadableChangeRule: SelectionRule {
    static let name = "unreadable change"
    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.situation.changeProblems.map { RuleFinding(rule: name, effect: .everything, reason: $0) }
    }
}

/// Past runs were recorded and cannot be read.
enum UnreadableHistoryRule: SelectionRule {
    static let name = "unreadable history"
    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        if let problem = facts.situation.historyProblem { return [RuleFinding(rule: name, effect: .everything, reason: problem)] }
        let history = facts.situation.history
        let here = history.sessions.last { $0.branch == facts.situation.request.branch } ?? history.sessions.last
        guard let here, here.isDamaged || history.sessions.last?.isDamaged == true else { return [] }
        return [RuleFinding(rule: name, effect: .everything, reason: "a report of the last run could not be read, or told of no test")]
    }
}

/// Nothing differs, so there is nothing to reason from: a new run of the same code is wanted for another reason.
enum EmptyChangeRule: SelectionRule {
    static let name = "empty change"
    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        guard facts.situation.change.files.isEmpty, facts.situation.changeProblems.isEmpty else { return [] }
        return [RuleFinding(rule: name, effect: .everything, reason: "no file differs between base and head")]
    }
}

/// Too much at once for a diff to say what matters.
enum HugeChangeRule: SelectionRule {
    static let name = "huge change"
    private static let mostFiles = 150
    private static let mostLines = 4000

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let files = facts.situation.change.files
        let lines = files.reduce(0) { $0 + $1.hunks.reduce(0) { $0 + $1.changedLineCount } }
        guard files.count > mostFiles || lines > mostLines else { return [] }
        return [
            RuleFinding(rule: name, effect: .everything, reason: "\(Count.of(files.count, "file")) and \(Count.of(lines, "line")) differ")
        ]
    }
}

enum ProtectedBranchRule: SelectionRule {
    static let name = "protected branch"
    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let request = facts.situation.request
        guard !request.branch.isEmpty, let pattern = request.protectedBranches.first(where: { Glob($0).matches(request.branch) }) else {
            return []
        }
        return [RuleFinding(rule: name, effect: .everything, reason: "'\(request.branch)' is protected by '\(pattern)'")]
    }
}

/// A whole run now and then finds what selection missed.
enum RegularWholeRunRule: SelectionRule {
    static let name = "regular whole run"
    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let (every, recorded) = (facts.situation.request.wholeRunEvery, facts.situation.history.observed)
        guard every > 0, recorded > 0, recorded.isMultiple(of: every) else { return [] }
        return [RuleFinding(rule: name, effect: .everything, reason: "every \(every)th run is a whole one; \(recorded) are recorded")]
    }
}
