/// A test that took clearly longer in one run than it used to.
package struct SlowRun: Sendable, Hashable, Codable {
    package var unit: TestID
    /// Seconds: the usual, and now, with the machine's own speed in this run taken out.
    package var usual: Double
    package var now: Double
    /// Past run times and this one, oldest first.
    package var series: [Double]

    private static let fewestRuns = 8
    private static let mostShown = 30
    private static let leastRatio = 1.5
    private static let leastSeconds = 0.1
    /// In scaled median deviations. Source of the scale 1.4826: consistency with the normal distribution.
    private static let leastDeviations = 6.0
    private static let fewestForSpeed = 5

    /// Those of the last session, the largest loss first. A machine that is slow on the whole makes no test slow: each run time is
    /// taken by what most tests of the run took against their usual.
    package static func inLastSession(of history: RunHistory) -> [SlowRun] {
        guard let last = history.sessions.last, !last.isDamaged else { return [] }
        let ran = Set(history.ran(in: last))
        return among(history.allSeconds.filter { ran.contains($0.key) })
    }

    /// Those of series of run times, oldest first, whose last one is of the same run.
    static func among(_ series: [TestID: [Double]]) -> [SlowRun] {
        let known = series.compactMap { unit, times -> (unit: TestID, past: [Double], usual: Double, now: Double)? in
            guard times.count > fewestRuns, let now = times.last else { return nil }
            let past = Array(times.dropLast())
            return (unit, past, DurationShift.median(past), now)
        }
        let ratios = known.filter { $0.usual > 0.01 }.map { $0.now / $0.usual }
        let speed = ratios.count >= fewestForSpeed ? max(1, DurationShift.median(ratios)) : 1
        return known.compactMap { unit, past, usual, measured in
            let now = measured / speed
            let spread = max(DurationShift.median(past.map { abs($0 - usual) }) * 1.4826, 0.02 * usual, 0.005)
            guard now >= leastRatio * usual, now - usual >= leastSeconds, (now - usual) / spread >= leastDeviations else { return nil }
            return SlowRun(unit: unit, usual: usual, now: now, series: Array((past + [now]).suffix(mostShown)))
        }.sorted { ($1.now - $1.usual, $0.unit) < ($0.now - $0.usual, $1.unit) }
    }
}

/// Run times as a line of eight block heights, for places that show no pictures.
package enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    package static func text(_ series: [Double]) -> String {
        let top = series.filter(\.isFinite).max() ?? 0
        return String(
            series.map { value -> Character in
                guard top > 0, value.isFinite, value > 0 else { return blocks[0] }
                return blocks[min(blocks.count - 1, Int(value / top * Double(blocks.count)))]
            })
    }
}
