/// What one benchmark measured over past runs.
package struct BenchmarkTimes: Sendable, Hashable, Codable {
    package let name: String
    /// Of one operation, oldest first.
    package fileprivate(set) var seconds: [Double]

    static let kept = 60

    var isSound: Bool { !name.isEmpty && seconds.allSatisfy(BenchmarkReport.isTime) }
}

/// A benchmark that is slower than it used to be. Times are seconds of one operation.
package struct SlowBenchmark: Sendable, Hashable, Codable {
    package var name: String
    package var before: Double
    package var now: Double
    /// On this level for so many runs; 1: in this run alone.
    package var runs: Int
    /// Past times and this one, oldest first.
    package var series: [Double]

    private static let mostShown = 30
    /// A level older than this is no news.
    private static let newestRuns = 10

    /// Those among benchmarks of the last run, the largest loss first. They are judged as run times of tests are, each by its own usual
    /// time: whether it takes nanoseconds or minutes makes no difference, and a machine that is slow on the whole makes none slow.
    static func among(_ benchmarks: [BenchmarkTimes]) -> [SlowBenchmark] {
        let usual = Dictionary(
            benchmarks.map { (TestID($0.name), DurationShift.median($0.seconds)) }, uniquingKeysWith: { first, _ in first })
        let scaled = Dictionary(
            benchmarks.map { item in (TestID(item.name), item.seconds.map { $0 / (usual[TestID(item.name)] ?? 1) }) },
            uniquingKeysWith: { first, _ in first })
        let alone = SlowRun.among(scaled)
        let found =
            alone.map { slow in
                SlowBenchmark(name: slow.unit.name, before: slow.usual, now: slow.now, runs: 1, series: slow.series)
            }
            + lasting(scaled.filter { entry in !alone.contains { $0.unit == entry.key } })
        return found.sorted { ($1.now / $1.before, $0.name) < ($0.now / $0.before, $1.name) }.map { item in
            let unit = usual[TestID(item.name)] ?? 1
            return SlowBenchmark(
                name: item.name, before: item.before * unit, now: item.now * unit, runs: item.runs, series: item.series.map { $0 * unit })
        }
    }

    private static func lasting(_ scaled: [TestID: [Double]]) -> [SlowBenchmark] {
        scaled.compactMap { unit, times in
            guard let shift = DurationShift(in: times), shift.after > shift.before, shift.runs <= newestRuns else { return nil }
            return SlowBenchmark(
                name: unit.name, before: shift.before, now: shift.after, runs: shift.runs, series: Array(times.suffix(mostShown)))
        }
    }
}

/// Times as short as an operation's.
package enum OperationTime {
    package static func text(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "an unknown time" }
        for (unit, size) in [("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)] where seconds < size * 999.5 {
            return "\(rounded(seconds / size)) \(unit)"
        }
        return "\(rounded(seconds)) s"
    }

    /// Three digits that say something.
    private static func rounded(_ value: Double) -> String {
        let scale = value < 10 ? 100.0 : value < 100 ? 10 : 1
        let number = (value * scale).rounded() / scale
        return Int64(exactly: number).map { String($0) } ?? String(number)
    }
}

/// The benchmarks of a history, and which of them the last run measured.
struct BenchmarkHistory: Sendable, Hashable, Codable {
    private(set) var times: [BenchmarkTimes] = []
    /// Places in `times`, ascending.
    private(set) var last: [Int] = []

    var isSound: Bool { last.allSatisfy(times.indices.contains) && times.allSatisfy(\.isSound) }
    var measuredLast: [BenchmarkTimes] { last.map { times[$0] } }

    mutating func add(_ measured: [ReportedBenchmark]) {
        var places = Dictionary(times.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var now: Set<Int> = []
        for benchmark in measured where BenchmarkReport.isTime(benchmark.seconds) {
            let place = places[benchmark.name] ?? times.count
            if place == times.count {
                guard times.count < BenchmarkReport.mostBenchmarks else { continue }
                places[benchmark.name] = place
                times.append(BenchmarkTimes(name: benchmark.name, seconds: []))
            }
            guard now.insert(place).inserted else { continue }
            times[place].seconds = (times[place].seconds + [benchmark.seconds]).suffix(BenchmarkTimes.kept)
        }
        last = now.sorted()
    }
}
