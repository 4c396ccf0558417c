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
    private let reaching: [String: [Int32]]
    private let testAt: [Int32: TestID]
    /// What each of the situation's sources is.
    let sourceRoles: [FileRole]
    /// What recorded coverage says of the change; `nil` when none was recorded.
    let reach: ChangeReach?

    init(_ situation: SelectionSituation) {
        self.situation = situation
        units = situation.units
        suite = situation.suite ?? IndexedSuite(tests: situation.tests, sources: situation.sources.filter { FileRole.isCode($0.path) })
        let graph = suite.graph
        reaching = situation.change.files.filter { graph.knows($0.path) }.reduce(into: [:]) { known, file in
            known[file.path] = known[file.path] ?? graph.placesReaching(file.path)
        }
        testAt = Dictionary(zip(suite.tests, situation.tests).map { (Int32($0), TestID($1.path)) }, uniquingKeysWith: { first, _ in first })
        sourceRoles = situation.sources.map { FileRole($0.path) }
        reach = situation.history.footprint.map { ChangeReach(situation.change, $0, situation.drift) }
        roles = situation.change.files.map { file in
            let (before, after) = (FileRole(file.path, text: file.old), FileRole(file.path, text: file.new))
            return (file, before == .generated ? before : after)
        }
    }

    var changedCode: [SourceChange.File] { roles.filter { $0.role == .code }.map(\.file) }

    /// The tests that lead to it, in the order of the suite.
    func testsReaching(_ file: SourceChange.File) -> [TestID] { (reaching[file.path] ?? []).compactMap { testAt[$0] } }

    /// One finding for each test that leads to one of the files, and reasons for the first few of them.
    func demanded(_ rule: String, by files: [SourceChange.File], because reason: (SourceChange.File) -> String?) -> [RuleFinding] {
        var counts: [TestID: Int] = [:]
        var findings: [RuleFinding] = []
        for file in files {
            guard let reason = reason(file) else { continue }
            for test in testsReaching(file) {
                let count = counts[test, default: 0]
                counts[test] = count + 1
                if count < Self.mostReasons { findings.append(RuleFinding(rule: rule, effect: .unit(test), reason: reason)) }
            }
        }
        for (test, count) in counts.filter({ $0.value > Self.mostReasons }).sorted(by: { $0.key < $1.key }) {
            let more = count - Self.mostReasons
            let what = more == 1 ? "1 more changed file" : "\(more) more changed files"
            findings.append(RuleFinding(rule: rule, effect: .unit(test), reason: "the same holds for \(what)"))
        }
        return findings
    }

    /// Of one rule for one test.
    private static let mostReasons = 3

    /// Recorded tests are known to run through the file, so how they come to it need not be.
    func isReached(_ file: SourceChange.File) -> Bool { reach?.reached.contains(file.path) ?? false }
}
