/// A recorded run as people are told of it: what failed, what got slower, what flips.
package struct RunNotice: Sendable, Hashable, Codable {
    package struct Shift: Sendable, Hashable, Codable {
        package var unit: TestID
        package var before: Double
        package var after: Double
        package var series: [Double]
    }

    package struct Flips: Sendable, Hashable, Codable {
        package var unit: TestID
        package var flips: Int
        package var runs: Int
    }

    package var isWhole: Bool
    package var isDamaged: Bool
    package var ran: Int
    package var seconds: Double
    package var failed: [TestID]
    package var failedCount: Int
    /// Slower in this run alone.
    package var slow: [SlowRun]
    /// Slower for some runs, and not for long.
    package var shifts: [Shift]
    /// Tests of this run that change their verdict while the code stays the same.
    package var flaky: [Flips]
    /// Benchmarks that were measured, and those that got slower; `nil` in notices older than these.
    package var benchmarkCount: Int?
    package var slowBenchmarks: [SlowBenchmark]?
    package var slowerBenchmarks: [SlowBenchmark] { slowBenchmarks ?? [] }

    private static let mostNamed = 25
    /// A level older than this is no news.
    private static let newestRuns = 10

    /// Of the last session in a history; `nil` before there is one.
    ///
    /// - Parameter earlier: what was told of the same commit: a run that only measured adds to it.
    package init?(_ history: RunHistory, after earlier: RunNotice? = nil) {
        if history.lastIsBenchmarksOnly {
            self = earlier ?? RunNotice()
            tell(history.benchmarks?.measuredLast ?? [])
            return
        }
        guard let last = history.sessions.last else { return nil }
        let failures = history.failed(in: last)
        let ran = Set(history.ran(in: last))
        isWhole = last.isWhole
        isDamaged = last.isDamaged
        self.ran = ran.count
        failed = Array(failures.sorted().prefix(Self.mostNamed))
        failedCount = failures.count
        let series = history.allSeconds.filter { ran.contains($0.key) }
        seconds = series.values.reduce(0) { $0 + ($1.last ?? 0) }
        slow = Array(SlowRun.inLastSession(of: history).prefix(Self.mostNamed))
        let alone = Set(slow.map(\.unit))
        shifts = series.compactMap { unit, times -> Shift? in
            guard !alone.contains(unit), let shift = DurationShift(in: times), shift.after > shift.before, shift.runs <= Self.newestRuns
            else { return nil }
            return Shift(unit: unit, before: shift.before, after: shift.after, series: Array(times.suffix(30)))
        }.sorted { ($1.after - $1.before, $0.unit) < ($0.after - $0.before, $1.unit) }
        shifts = Array(shifts.prefix(Self.mostNamed))
        flaky = Flakiness.all(in: history).filter { $0.isFlaky && ran.contains($0.unit) }.prefix(Self.mostNamed)
            .map { Flips(unit: $0.unit, flips: $0.flips, runs: $0.runs) }
        tell(history.benchmarks?.measuredLast ?? [])
    }

    /// Of no test.
    private init() {
        (isWhole, isDamaged, ran, seconds, failed, failedCount, slow, shifts, flaky) = (false, false, 0, 0, [], 0, [], [], [])
    }

    private mutating func tell(_ measured: [BenchmarkTimes]) {
        guard !measured.isEmpty else { return }
        benchmarkCount = measured.count
        slowBenchmarks = Array(SlowBenchmark.among(measured).prefix(Self.mostNamed))
    }
}
