/// One run of the tests, told unit by unit: what a history learns, and what travels to a server that keeps one.
package struct RecordedRun: Sendable, Hashable, Codable {
    package struct Outcome: Sendable, Hashable, Codable {
        package var unit: TestID
        package var failed = false
        /// Failed first and passed on retry.
        package var retried = false
        package var milliseconds = 0

        init(_ unit: TestID) { self.unit = unit }

        mutating func add(_ reported: ReportedCase) {
            failed = failed || reported.verdict == .failed
            retried = retried || reported.passedOnRetry
            milliseconds = Self.sum(milliseconds, reported.seconds)
        }

        private static func sum(_ total: Int, _ seconds: Double) -> Int {
            guard seconds.isFinite, seconds > 0 else { return total }
            return min(longest, total + Int(min(seconds * 1000, Double(longest)).rounded()))
        }
    }

    /// A month: no unit runs longer.
    private static let longest = 31 * 86_400_000

    package var commit: String
    package var branch: String
    /// The whole suite ran, not a selection.
    package var isWhole: Bool
    /// A report of it could not be read: what ran and failed is not known whole.
    package var isDamaged: Bool
    /// Files that the tested change touched; empty where that is not known.
    package var changed: [String]
    /// In name order, each unit once.
    package var outcomes: [Outcome]
    /// Test files that had no part in a whole run; `nil` when that cannot be told.
    package var notCollected: [TestID]?
    /// Which case ran through which lines, where coverage says so.
    package var footprint: TestFootprint?
    /// In name order; `nil` when none was measured.
    package var benchmarks: [ReportedBenchmark]?

    /// It measured and ran no test: nothing is learnt of tests.
    var isBenchmarksOnly: Bool { outcomes.isEmpty && !isDamaged && benchmarks?.isEmpty == false }

    /// Cases of one unit are taken together; units that were only skipped did not run.
    ///
    /// Two cases of one name are two runs of it: the unit failed when either did. A whole run that reports no test broke off before it
    /// began: what would have failed is not known.
    package init(
        _ report: TestReport, commit: String, branch: String, isWhole: Bool, isDamaged: Bool = false, changed: [String] = [],
        location: CaseLocation
    ) {
        var outcomes: [TestID: Outcome] = [:]
        for reported in report.cases where reported.verdict != .skipped {
            for unit in RunHistory.units(of: reported, location) { outcomes[unit, default: Outcome(unit)].add(reported) }
        }
        self.commit = commit
        self.branch = branch
        benchmarks = report.benchmarks.isEmpty ? nil : report.benchmarks
        self.isDamaged = isDamaged || isWhole && outcomes.isEmpty && report.benchmarks.isEmpty
        self.isWhole = isWhole && !self.isDamaged
        self.changed = changed.sorted()
        self.outcomes = outcomes.values.sorted { $0.unit < $1.unit }
        // A case in no known file may be of any file: then none is called uncollected.
        let isPlaced = !outcomes.isEmpty && outcomes.keys.allSatisfy { location.holds($0.name) }
        if self.isWhole, isPlaced { notCollected = location.all.map { TestID($0) }.filter { outcomes[$0] == nil } }
    }

    /// What makes one that was sent to us unfit to be learnt from; `nil` when nothing does.
    package var fault: String? {
        if outcomes.count > Self.mostUnits { return "it names more than \(Self.mostUnits) tests" }
        if Set(outcomes.map(\.unit)).count != outcomes.count { return "it names a test twice" }
        let names = outcomes.map(\.unit.name) + (notCollected ?? []).map(\.name) + changed + [commit, branch]
        if names.contains(where: { $0.utf8.count > Self.longestName }) { return "a name in it is longer than \(Self.longestName) bytes" }
        if outcomes.contains(where: { $0.unit.name.isEmpty }) { return "a test in it has no name" }
        if let fault = footprint?.fault { return fault }
        let measured = benchmarks ?? []
        if measured.count > BenchmarkReport.mostBenchmarks { return "it names more than \(BenchmarkReport.mostBenchmarks) benchmarks" }
        if measured.contains(where: { $0.name.isEmpty || $0.name.utf8.count > Self.longestName || !BenchmarkReport.isTime($0.seconds) }) {
            return "a benchmark in it has no name or no time that can be"
        }
        if outcomes.contains(where: { !(0...Self.longest).contains($0.milliseconds) }) { return "a run time in it cannot be" }
        return nil
    }

    private static let mostUnits = 200_000
    private static let longestName = 4096
}
