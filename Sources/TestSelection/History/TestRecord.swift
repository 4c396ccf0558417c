/// What is kept of one test's past: a few running numbers, not the runs.
struct TestRecord: Sendable, Hashable {
    private(set) var runs = 0
    private(set) var failures = 0
    private(set) var firstRunFailed = false
    /// Exponential averages of the verdict (1 failed) over about 2, 5 and 20 runs, started at the suite's failure rate.
    private(set) var fastRate: Double
    private(set) var recentRate: Double
    private(set) var slowRate: Double
    /// The last verdicts, newest in bit 0.
    private(set) var recentVerdicts: UInt16 = 0
    private(set) var lastSession = 0

    init(suiteRate: Double) {
        fastRate = suiteRate
        recentRate = suiteRate
        slowRate = suiteRate
    }

    mutating func add(failed: Bool, session: Int) {
        if runs == 0 { firstRunFailed = failed }
        let verdict = failed ? 1.0 : 0
        fastRate += 0.5 * (verdict - fastRate)
        recentRate += 0.2 * (verdict - recentRate)
        slowRate += 0.05 * (verdict - slowRate)
        recentVerdicts = recentVerdicts << 1 | (failed ? 1 : 0)
        runs += 1
        failures += failed ? 1 : 0
        lastSession = session
    }

    /// Share of failures over the whole life, drawn towards `suiteRate` by two runs' weight.
    func longRunRate(suiteRate: Double) -> Double { (Double(failures) + 2 * suiteRate) / (Double(runs) + 2) }

    /// The last `length` verdicts as a number, or `nil` when the test has not run so often.
    func pattern(length: Int) -> UInt16? {
        runs >= length ? recentVerdicts & (UInt16(1) << UInt16(length) - 1) : nil
    }
}
