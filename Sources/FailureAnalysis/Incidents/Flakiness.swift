import Basics

/// What tells that a cause comes and goes without a change of the code, counted over the life of an incident.
package struct Flakiness: Sendable, Hashable, Codable {
    /// Runs that passed on a commit where another run of the same job had failed.
    package var sameCommit = 0
    /// Times it failed again on a branch and job where it had been green.
    package var flips = 0
    /// Branches on which it failed again after it had been green.
    package var flippedBranches: Set<String> = []
    /// Commits it failed on, newest last, for each job on each branch: those a later success may speak about.
    private var failedOn: [Incident.BranchJob: [String]] = [:]

    private static let rememberedCommits = 20

    package init() {}

    mutating func failed(_ key: Incident.BranchJob, on commit: String, wasGreen: Bool) {
        if wasGreen {
            flips += 1
            flippedBranches.insert(key.branch)
        }
        guard !commit.isEmpty, failedOn[key]?.contains(commit) != true else { return }
        failedOn[key, default: []].append(commit)
        failedOn[key] = failedOn[key]?.suffix(Self.rememberedCommits)
    }

    /// Whether the success stands beside a failure of the same commit; counted once for each commit.
    mutating func passed(_ key: Incident.BranchJob, on commit: String) -> Bool {
        guard let index = failedOn[key]?.firstIndex(of: commit) else { return false }
        failedOn[key]?.remove(at: index)
        sameCommit += 1
        return true
    }
}

/// One sign that a failure is flaky, in words.
package enum FlakySign: Sendable, Hashable, CustomStringConvertible {
    /// An attempt passed where an earlier one of the same run failed.
    case retry(times: Int)
    /// Another run of the same commit passed.
    case sameCommit(times: Int)
    /// It came back after having been green.
    case flips(times: Int, branches: Int)

    package var description: String {
        switch self {
        case .retry(let times): "passed \(Self.times(times)) on a retry of the same commit"
        case .sameCommit(let times): "passed \(Self.times(times)) in another run of a commit it failed on"
        case .flips(let times, let branches):
            "came back \(Self.times(times)) after being green, on \(branches) \(branches == 1 ? "branch" : "branches")"
        }
    }

    private static func times(_ count: Int) -> String { Count.of(count, "time") }
}

extension Incident {
    /// Coming back proves nothing once, a wrong fix does that too: so often on one branch, or less often where several branches saw it.
    private static let flipsOnOneBranch = 3
    private static let flipsOnSeveralBranches = 2

    /// Why this is flaky; empty when nothing says so.
    package var flakySigns: [FlakySign] {
        var signs: [FlakySign] = []
        if flakes > 0 { signs.append(.retry(times: flakes)) }
        guard let flakiness else { return signs }
        if flakiness.sameCommit > 0 { signs.append(.sameCommit(times: flakiness.sameCommit)) }
        let enough = flakiness.flippedBranches.count > 1 ? Self.flipsOnSeveralBranches : Self.flipsOnOneBranch
        // Beside a stronger sign, every return is worth telling.
        if flakiness.flips >= enough || !signs.isEmpty && flakiness.flips > 0 {
            signs.append(.flips(times: flakiness.flips, branches: flakiness.flippedBranches.count))
        }
        return signs
    }

    /// The class of its failure, given what one log says: what the machine or the network did keeps its name, however often it passes.
    package func failureClass(stated: FailureClass) -> FailureClass {
        switch stated {
        case .infrastructure, .outOfMemory, .dependency, .flaky: stated
        case .test, .compile, .lint, .configuration, .timeout, .permission, .unknown: flakySigns.isEmpty ? stated : .flaky
        }
    }
}
