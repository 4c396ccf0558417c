/// How often, over all tests, a failure followed the same last verdicts.
///
/// Longer patterns are believed as far as they were seen: each is drawn towards the next shorter one.
struct OutcomePatterns: Sendable, Hashable {
    private struct Count: Sendable, Hashable {
        var seen = 0.0
        var failed = 0.0

        mutating func add(_ failure: Bool) {
            seen += 1
            failed += failure ? 1 : 0
        }

        func rate(towards prior: Double) -> Double { (failed + strength * prior) / (seen + strength) }
        private var strength: Double { 6 }
    }

    private static let longest = 4
    /// One table for each pattern length; the pattern's bits are the index.
    private var counts = (0...longest).map { [Count](repeating: Count(), count: 1 << $0) }
    /// Tests that never failed in the runs kept, by age: 1, 2–3, 4–7, 8–15, 16 and more runs.
    private var spotless = [Count](repeating: Count(), count: 5)

    /// The chance of a failure after the record's last verdicts.
    func rate(after record: TestRecord, suiteRate: Double) -> Double {
        var rate = suiteRate
        for length in 0...Self.longest {
            guard let pattern = record.pattern(length: length) else { break }
            rate = counts[length][Int(pattern)].rate(towards: rate)
        }
        return record.recentVerdicts == 0 ? spotless[Self.age(record)].rate(towards: rate) : rate
    }

    /// Learns that `failed` followed the verdicts in `record`.
    mutating func add(_ failed: Bool, after record: TestRecord) {
        for length in 0...Self.longest {
            guard let pattern = record.pattern(length: length) else { break }
            counts[length][Int(pattern)].add(failed)
        }
        if record.recentVerdicts == 0 { spotless[Self.age(record)].add(failed) }
    }

    private static func age(_ record: TestRecord) -> Int {
        let runs = UInt64(clamping: min(record.runs, 16))
        return min(4, max(0, 63 - runs.leadingZeroBitCount))
    }
}
