import FoundationEssentials

/// The past runs of a repository's tests, as kept in one file.
///
/// The unit is what a runner can be asked to run alone: a test file, or a class or package where no file is known.
package struct RunHistory: Sendable, Hashable, Codable {
    private(set) var version = 1
    package private(set) var units: [TestID] = []
    /// Oldest first, in the order they were recorded: clocks are not asked.
    package private(set) var sessions: [Session] = []
    /// Test files that were there at the last whole run and had no part in it: not collected by the runner, or skipped throughout.
    package private(set) var notCollected: [TestID] = []
    /// What was left out lately, and which of it failed later; `nil` in files older than these.
    private var remembered: [RememberedSelection]?
    private var missed: [MissedFailure]?
    /// Which case ran through which lines, at the last whole run that recorded it.
    package private(set) var footprint: TestFootprint?
    /// Sessions recorded in all, those dropped since included.
    package private(set) var recorded = 0
    /// Those of them in which no test ran; `nil` in files older than this.
    private var empty: Int?
    /// Sessions that something was seen in: what a repository's experience is counted by.
    package var observed: Int { recorded - (empty ?? 0) }
    /// `nil` before any was measured.
    private(set) var benchmarks: BenchmarkHistory?
    package var hasBenchmarks: Bool { benchmarks?.times.isEmpty == false }
    /// The last run measured benchmarks and ran no test; `nil` is no.
    private var endsInBenchmarks: Bool?
    var lastIsBenchmarksOnly: Bool { endsInBenchmarks ?? false }

    package struct Session: Sendable, Hashable, Codable {
        package var commit: String
        package var branch: String
        /// The whole suite ran, not a selection.
        package var isWhole: Bool
        /// A report of it could not be read: what ran and failed is not known whole.
        package var isDamaged: Bool
        /// Places in `units`, ascending.
        fileprivate(set) var ran: [Int]
        fileprivate(set) var failed: [Int]
        /// Failed first and passed on retry.
        fileprivate(set) var retried: [Int]
        /// Files that the tested change touched, where known and few enough to say something.
        package fileprivate(set) var changed: [String]?
        /// Milliseconds of each in `ran`; empty in old sessions.
        fileprivate(set) var milliseconds: [Int]
    }

    var selections: [RememberedSelection] {
        get { remembered ?? [] }
        set { remembered = newValue }
    }
    var allMisses: [MissedFailure] {
        get { missed ?? [] }
        set { missed = newValue }
    }

    /// Older sessions are dropped.
    static let sessionsKept = 300
    static let sessionsWithDurations = 60
    /// A change of more files says nothing of any one of them.
    static let mostChangedFiles = 30

    package init() {}

    package struct Unreadable: Error, CustomStringConvertible {
        package var reason: String
        package var description: String { "the recorded history cannot be read: \(reason)" }
    }

    package init(parsing bytes: [UInt8]) throws(Unreadable) {
        do {
            self = try JSONDecoder().decode(RunHistory.self, from: Data(bytes))
        } catch {
            throw Unreadable(reason: "it is damaged or of another kind")
        }
        guard version == 1 else { throw Unreadable(reason: "its version is \(version); this program reads version 1") }
        guard recorded >= sessions.count, (0...recorded).contains(empty ?? 0) else { throw Unreadable(reason: "its counts cannot be") }
        guard sessions.allSatisfy({ isSound($0) }) else { throw Unreadable(reason: "it refers to tests it does not name") }
        if let fault = footprint?.fault { throw Unreadable(reason: fault) }
        guard benchmarks?.isSound ?? true else { throw Unreadable(reason: "its benchmarks' times cannot be") }
    }

    private func isSound(_ session: Session) -> Bool {
        let lists = [session.ran, session.failed, session.retried]
        return lists.allSatisfy { $0.allSatisfy(units.indices.contains) }
            && (session.milliseconds.isEmpty || session.milliseconds.count == session.ran.count)
    }

    package func serialized() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            preconditionFailure("a history always encodes: \(error)")
        }
    }

    /// Adds what one run reported.
    package mutating func record(
        _ report: TestReport, commit: String, branch: String, isWhole: Bool, isDamaged: Bool = false, changed: [String] = [],
        location: CaseLocation
    ) {
        add(
            RecordedRun(
                report, commit: commit, branch: branch, isWhole: isWhole, isDamaged: isDamaged, changed: changed, location: location))
    }

    /// Adds one run; older ones are dropped in the end.
    package mutating func add(_ run: RecordedRun) {
        if benchmarks != nil || run.benchmarks != nil {
            var known = benchmarks ?? BenchmarkHistory()
            known.add(run.benchmarks ?? [])
            benchmarks = known
        }
        endsInBenchmarks = run.isBenchmarksOnly ? true : nil
        // Without a session: it would stand between a selection and what is known of the tests' last run.
        guard !run.isBenchmarksOnly else { return }
        var places = Dictionary(units.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var ordered: [(place: Int, outcome: RecordedRun.Outcome)] = []
        for outcome in run.outcomes {
            let place = places[outcome.unit] ?? units.count
            if place == units.count {
                places[outcome.unit] = place
                units.append(outcome.unit)
            }
            ordered.append((place, outcome))
        }
        ordered.sort { $0.place < $1.place }
        sessions.append(
            Session(
                commit: run.commit, branch: run.branch, isWhole: run.isWhole && !run.isDamaged, isDamaged: run.isDamaged,
                ran: ordered.map(\.place), failed: ordered.filter(\.outcome.failed).map(\.place),
                retried: ordered.filter { $0.outcome.retried && !$0.outcome.failed }.map(\.place),
                changed: run.changed.isEmpty || run.changed.count > Self.mostChangedFiles ? nil : run.changed,
                milliseconds: ordered.map(\.outcome.milliseconds)))
        recorded += 1
        if run.outcomes.isEmpty { empty = (empty ?? 0) + 1 }
        if run.isWhole, let known = run.footprint { footprint = known }
        if run.isWhole { noteMisses() }
        if run.isWhole || run.isDamaged { notCollected = run.notCollected ?? [] }
        forgetOld()
    }

    /// The units a case belongs to: its file, all files of its package, or its group by name.
    package static func units(of reported: ReportedCase, _ location: CaseLocation) -> [TestID] {
        let files = location.files(of: reported)
        if !files.isEmpty { return files.map { TestID($0) } }
        return [TestID(reported.group.isEmpty ? reported.name : reported.group)]
    }

    private mutating func forgetOld() {
        if sessions.count > Self.sessionsKept { sessions.removeFirst(sessions.count - Self.sessionsKept) }
        for index in sessions.indices.dropLast(Self.sessionsWithDurations) { sessions[index].milliseconds = [] }
    }
}

extension RunHistory {
    package func names(_ places: [Int]) -> [TestID] { places.map { units[$0] } }

    package func failed(in session: Session) -> Set<TestID> { Set(names(session.failed)) }
    package func ran(in session: Session) -> [TestID] { names(session.ran) }
    package func retried(in session: Session) -> [TestID] { names(session.retried) }

    /// The last known run time of each unit, in seconds.
    package var lastSeconds: [TestID: Double] {
        var seconds: [TestID: Double] = [:]
        for session in sessions { eachTime(of: session) { seconds[$0] = $1 } }
        return seconds
    }

    /// A selection's run may have been one of some of a unit's cases: then its time says nothing of the whole.
    private func eachTime(of session: Session, _ body: (TestID, Double) -> Void) {
        for (place, time) in zip(session.ran, session.milliseconds) where session.isWhole || footprint?.divides(units[place]) != true {
            body(units[place], Double(time) / 1000)
        }
    }

    /// All known run times of each unit in seconds, oldest first.
    package var allSeconds: [TestID: [Double]] {
        var seconds: [TestID: [Double]] = [:]
        for session in sessions { eachTime(of: session) { seconds[$0, default: []].append($1) } }
        return seconds
    }

    /// The sessions to learn from. A failure that the same commit also passed is left out: it says nothing of the code.
    var learningSessions: [TestSession] {
        let flips = flippedFailures
        return sessions.enumerated().map { index, session in
            let failed = Set(session.failed)
            let known = session.milliseconds.count == session.ran.count
            let results = session.ran.enumerated().compactMap { place, unit -> TestResult? in
                if failed.contains(unit), flips.contains(Flip(session: index, unit: unit)) { return nil }
                return TestResult(
                    test: units[unit], failed: failed.contains(unit), duration: known ? Double(session.milliseconds[place]) / 1000 : 0)
            }
            return TestSession(id: session.commit, results: results)
        }
    }

    struct Flip: Hashable {
        var session: Int
        var unit: Int
    }

    /// Failures of a unit in one session that passed in another session of the same commit.
    var flippedFailures: Set<Flip> {
        var byCommit: [String: [Int]] = [:]
        for (index, session) in sessions.enumerated() where !session.commit.isEmpty { byCommit[session.commit, default: []].append(index) }
        var flips: Set<Flip> = []
        for group in byCommit.values where group.count > 1 {
            var passed: Set<Int> = []
            for index in group { passed.formUnion(Set(sessions[index].ran).subtracting(sessions[index].failed)) }
            for index in group {
                for unit in sessions[index].failed where passed.contains(unit) { flips.insert(Flip(session: index, unit: unit)) }
            }
        }
        return flips
    }
}
