/// Divides tests over machines so that the slowest machine is done as early as can be.
///
/// Longest first onto the machine with least to do: at most a third above the best division possible.
/// Source: Graham 1969, "Bounds on Multiprocessing Timing Anomalies"
package enum Sharding {
    package struct Shard: Sendable, Hashable {
        package var units: [TestID] = []
        package var seconds = 0.0
    }

    /// `seconds` holds the run times to reckon with; units without one take the median. The result is the same for the same input.
    package static func divide(_ units: [TestID], into count: Int, seconds: [TestID: Double]) -> [Shard] {
        let usual = max(0.001, DurationShift.median(Array(seconds.values)))
        let ordered = Set(units).map { (unit: $0, seconds: seconds[$0] ?? usual) }.sorted { a, b in
            a.seconds == b.seconds ? a.unit < b.unit : a.seconds > b.seconds
        }
        var shards = [Shard](repeating: Shard(), count: max(1, count))
        for item in ordered {
            guard let least = shards.indices.min(by: { (shards[$0].seconds, $0) < (shards[$1].seconds, $1) }) else { break }
            shards[least].units.append(item.unit)
            shards[least].seconds += item.seconds
        }
        return shards
    }

    /// The run time that nine of ten runs stay under, of each unit.
    package static func slowSeconds(_ history: RunHistory) -> [TestID: Double] {
        history.allSeconds.mapValues { series in
            let sorted = series.sorted()
            return sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
        }
    }
}
