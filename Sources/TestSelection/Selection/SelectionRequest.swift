import Text

/// What was asked for.
package struct SelectionRequest: Sendable {
    package enum Budget: Sendable, Hashable {
        case seconds(Double)
        /// Of the whole suite's time, 0 to 1.
        case share(Double)
        /// Share of red sessions to catch, 0 to 1.
        case confidence(Double)
    }

    package var budget: Budget
    /// The branch the change is for; failures are remembered for each.
    package var branch: String
    /// Glob patterns of branches on which everything runs.
    package var protectedBranches: [String]
    /// Glob patterns of tests that always run.
    package var always: [String]
    /// Everything runs each time this many sessions have been recorded; 0 never.
    package var wholeRunEvery: Int
    package var gamma: Double

    package init(
        budget: Budget = .confidence(0.95), branch: String = "", protectedBranches: [String] = [], always: [String] = [],
        wholeRunEvery: Int = 20,
        gamma: Double = 0.5
    ) {
        self.budget = budget
        self.branch = branch
        self.protectedBranches = protectedBranches
        self.always = always
        self.wholeRunEvery = wholeRunEvery
        self.gamma = gamma
    }
}

/// All that is known when tests are selected.
package struct SelectionSituation: Sendable {
    package var request: SelectionRequest
    package var change: SourceChange
    /// Why the change could not be read whole: no base, a history cut off. Then everything runs.
    package var changeProblems: [String]
    /// With their text as far as `SourceDemand` asks for it, or all of it where there is no `suite`.
    package var tests: [(path: String, text: [UInt8])]
    /// Links that look like tests; what they lead to is not followed.
    package var linkedTests: [String]
    /// All other text of the repository that could name a changed file, as far as `SourceDemand` asks for it.
    package var sources: [(path: String, text: [UInt8])]
    /// The tests above, in their order, as an index knows them; `nil`: read from the texts above.
    package var suite: IndexedSuite?
    package var commits: [CommitFiles]
    package var history: RunHistory
    /// Why past runs could not be read. Then everything runs.
    package var historyProblem: String?
    /// Where lines stood when coverage of each test was recorded; `nil`: not known.
    package var drift: LineDrift?
    /// The runner can be told to run some cases of a file.
    package var dividesFiles = false

    package init(
        request: SelectionRequest, change: SourceChange, changeProblems: [String] = [], tests: [(path: String, text: [UInt8])] = [],
        linkedTests: [String] = [], sources: [(path: String, text: [UInt8])] = [], commits: [CommitFiles] = [],
        history: RunHistory = RunHistory(),
        historyProblem: String? = nil
    ) {
        self.request = request
        self.change = change
        self.changeProblems = changeProblems
        self.tests = tests
        self.linkedTests = linkedTests
        self.sources = sources
        suite = nil
        self.commits = commits
        self.history = history
        self.historyProblem = historyProblem
    }

    /// Test files of the repository, and units that are known from past runs only.
    var units: [TestID] {
        let files = Set(tests.map(\.path)).union(linkedTests)
        let gone = change.files.filter { $0.kind == .removed || $0.kind == .renamed }.map { $0.previousPath ?? $0.path }
        let past = history.units.filter { !TestFiles.isTest($0.name) && !files.contains($0.name) && !gone.contains($0.name) }
        let outside = Set(outsideSuite)
        return files.sorted().map { TestID($0) }.filter { !outside.contains($0) } + past
    }

    /// Test files that the last whole run did not collect, and that did not change since: no part of the suite.
    var outsideSuite: [TestID] {
        let changed = change.paths
        let files = Set(tests.map(\.path)).union(linkedTests)
        return history.notCollected.filter { files.contains($0.name) && !changed.contains($0.name) }
    }
}
