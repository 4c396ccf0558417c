/// What the recorded runs say of the suite.
package struct HistorySummary: Sendable {
    package struct Shift: Sendable, Hashable {
        package var unit: TestID
        package var shift: DurationShift
        package var series: [Double]
    }

    package var sessions: Int
    package var redSessions: Int
    package var units: Int
    package var seconds: Double
    /// The worst first.
    package var flaky: [Flakiness]
    /// By median run time, the slowest first.
    package var slowest: [(unit: TestID, seconds: Double)]
    /// Lasting changes of run time, the largest first.
    package var shifts: [Shift]
    /// Benchmarks whose last measurement is slower than those before, whichever run it was.
    package var slowBenchmarks: [SlowBenchmark]
    package var curve: ConfidenceCurve
    /// The latest first.
    package var missed: [MissedFailure]

    package init(_ history: RunHistory, gamma: Double = 0.5) {
        let series = history.allSeconds
        sessions = history.observed
        redSessions = history.sessions.count { !history.failed(in: $0).isEmpty }
        units = history.units.count
        let medians = series.mapValues(DurationShift.median)
        seconds = medians.values.reduce(0, +)
        flaky = Flakiness.all(in: history)
        slowest = medians.map { (unit: $0.key, seconds: $0.value) }.sorted { ($1.seconds, $0.unit) < ($0.seconds, $1.unit) }
        shifts = series.compactMap { unit, times in DurationShift(in: times).map { Shift(unit: unit, shift: $0, series: times) } }
            .sorted { abs($0.shift.after - $0.shift.before) > abs($1.shift.after - $1.shift.before) }
        slowBenchmarks = SlowBenchmark.among(history.benchmarks?.times ?? [])
        curve = ConfidenceCurve(history, gamma: gamma)
        missed = history.misses.reversed()
    }
}
