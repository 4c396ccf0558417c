/// Something that must not be left to a score: names what runs, and why.
protocol SelectionRule: Sendable {
    static var name: String { get }
    static func findings(_ facts: SelectionFacts) -> [RuleFinding]
}

package struct RuleFinding: Sendable, Hashable {
    package enum Effect: Sendable, Hashable {
        case everything
        case unit(TestID)
    }

    package var rule: String
    package var effect: Effect
    package var reason: String
}

enum RuleRegistry {
    static let rules: [any SelectionRule.Type] = [
        UnreadableChangeRule.self,
        UnreadableHistoryRule.self,
        EmptyChangeRule.self,
        HugeChangeRule.self,
        ProtectedBranchRule.self,
        RegularWholeRunRule.self,
        FileRoleRule.self,
        LockFileRule.self,
        MovedSourceRule.self,
        OpaqueChangeRule.self,
        DataFileRule.self,
        LoadedByNameRule.self,
        RemovedImportRule.self,
        UnreachedRule.self,
        ChangedTestRule.self,
        SharedTestRule.self,
        LinkedTestRule.self,
        NeverRecordedRule.self,
        FailedLastTimeRule.self,
        AlwaysRule.self,
    ]
}

/// The situation, with what several rules need worked out once.
struct SelectionFacts: Sendable {
    let situation: SelectionSituation
    let units: [TestID]
    let roles: [(file: SourceChange.File, role: FileRole)]
    let suite: IndexedSuite
    var graph: SourceGraph { suite.graph }
    /// For each changed file that the graph knows, the tests that lead to it.
    private let reaching: [String: Set<String>]
    /// What recorded coverage says of the change; `nil` when none was recorded.
    let reach: ChangeReach?

    init(_ situation: SelectionSituation) {
        self.situation = situation
        units = situation.units
        suite = situation.suite ?? IndexedSuite(tests: situation.tests, sources: situation.sources.filter { FileRole.isCode($0.path) })
        let graph = suite.graph
        reaching = situation.change.files.filter { graph.knows($0.path) }.reduce(into: [:]) { known, file in
            known[file.path] = known[file.path] ?? graph.testsReaching(file.path)
        }
        reach = situation.history.footprint.map { ChangeReach(situation.change, $0, situation.drift) }
        roles = situation.change.files.map { file in
            let (before, after) = (FileRole(file.path, text: file.old), FileRole(file.path, text: file.new))
            return (file, before == .generated ? before : after)
        }
    }

    var changedCode: [SourceChange.File] { roles.filter { $0.role == .code }.map(\.file) }

    func testsReaching(_ file: SourceChange.File) -> Set<String> { reaching[file.path] ?? [] }

    /// Recorded tests are known to run through the file, so how they come to it need not be.
    func isReached(_ file: SourceChange.File) -> Bool { reach?.reached.contains(file.path) ?? false }
}
