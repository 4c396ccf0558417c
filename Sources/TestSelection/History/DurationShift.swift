/// A lasting change of a unit's run time.
///
/// Robust to noisy machines: medians are compared, and their difference must exceed what the runs scatter by anyway.
package struct DurationShift: Sendable, Hashable {
    package var before: Double
    package var after: Double
    /// How many of the last runs are on the new level.
    package var runs: Int

    private static let shortestLevel = 5
    private static let leastRatio = 1.25
    /// In scaled median deviations. Source of the scale 1.4826: consistency with the normal distribution.
    private static let leastDeviations = 4.0
    private static let leastSeconds = 0.05

    /// The strongest shift in a series of run times in seconds, oldest first; `nil` when there is none to speak of.
    package init?(in series: [Double]) {
        guard series.count >= 2 * Self.shortestLevel else { return nil }
        var best: (strength: Double, split: Int)?
        for split in Self.shortestLevel...(series.count - Self.shortestLevel) {
            let (a, b) = (Array(series[..<split]), Array(series[split...]))
            let spread = Self.median((a.map { abs($0 - Self.median(a)) }) + (b.map { abs($0 - Self.median(b)) })) * 1.4826
            let strength = abs(Self.median(b) - Self.median(a)) / max(spread, 0.02 * Self.median(series), 0.005)
            // Of equally strong splits the one that leaves the levels clean is the change itself.
            if strength > (best?.strength ?? 0) { best = (strength, split) }
        }
        guard let best, best.strength >= Self.leastDeviations else { return nil }
        before = Self.median(Array(series[..<best.split]))
        after = Self.median(Array(series[best.split...]))
        runs = series.count - best.split
        let ratio = max(before, after) / max(0.001, min(before, after))
        guard ratio >= Self.leastRatio, abs(after - before) >= Self.leastSeconds else { return nil }
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
