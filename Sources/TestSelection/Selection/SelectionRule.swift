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
    let graph: SourceGraph

    init(_ situation: SelectionSituation) {
        self.situation = situation
        units = situation.units
        graph = situation.graph ?? SourceGraph(tests: situation.tests, sources: situation.sources)
        roles = situation.change.files.map { file in
            let (before, after) = (FileRole(file.path, text: file.old), FileRole(file.path, text: file.new))
            return (file, before == .generated ? before : after)
        }
    }

    var changedCode: [SourceChange.File] { roles.filter { $0.role == .code }.map(\.file) }
}
