import Basics

/// What a benchmark measured in one run.
package struct ReportedBenchmark: Sendable, Hashable, Codable {
    package let name: String
    /// Of one operation.
    package let seconds: Double

    package init(name: String, seconds: Double) {
        self.name = name
        self.seconds = seconds
    }
}

/// Results of benchmarks as their runners write them. A runner that measures one several times gives the median.
enum BenchmarkReport {
    /// What is beyond it is no suite's.
    static let mostBenchmarks = 10_000

    static func isTime(_ seconds: Double) -> Bool { seconds.isFinite && seconds > 0 && seconds < 1e7 }

    static func medians(_ measured: [(name: String, seconds: Double)]) -> [ReportedBenchmark] {
        var times: [String: [Double]] = [:]
        for (name, seconds) in measured where isTime(seconds) && !name.isEmpty && name.utf8.count <= 1024 {
            if times[name] != nil || times.count < mostBenchmarks { times[name, default: []].append(seconds) }
        }
        return times.sorted { $0.key < $1.key }.map { ReportedBenchmark(name: $0.key, seconds: DurationShift.median($0.value)) }
    }

    // MARK: JSON

    /// pytest-benchmark, Google Benchmark or hyperfine; `nil` for a document of another kind.
    /// Source: pytest-benchmark.readthedocs.io (--benchmark-json), github.com/google/benchmark docs/user_guide.md, hyperfine --export-json
    static func read(json document: JSONValue) -> [ReportedBenchmark]? {
        if let results = document["results"]?.array, results.contains(where: { $0["command"]?.string != nil }) {
            return medians(
                results.compactMap { item in item["command"]?.string.flatMap { name in time(item["median"]).map { (name, $0) } } })
        }
        guard let entries = document["benchmarks"]?.array else { return nil }
        if entries.contains(where: { $0["stats"]?["median"] != nil }) {
            return medians(
                entries.compactMap { item in
                    (item["fullname"] ?? item["name"])?.string.flatMap { name in time(item["stats"]?["median"]).map { (name, $0) } }
                })
        }
        guard document["context"] != nil || entries.contains(where: { $0["real_time"] != nil }) else { return nil }
        return googles(entries)
    }

    private static func googles(_ entries: [JSONValue]) -> [ReportedBenchmark] {
        let aggregated = Set(entries.filter { $0["aggregate_name"]?.string == "median" }.compactMap { $0["run_name"]?.string })
        return medians(
            entries.compactMap { item -> (String, Double)? in
                guard let name = (item["run_name"] ?? item["name"])?.string, let value = time(item["real_time"]) else { return nil }
                let aggregate = item["aggregate_name"]?.string
                // Of repetitions the median stands for all; means and deviations are no run.
                guard aggregate == "median" || aggregate == nil && !aggregated.contains(name) else { return nil }
                let unit = ["ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1][item["time_unit"]?.string ?? "ns"]
                return unit.map { (name, value * $0) }
            })
    }

    private static func time(_ value: JSONValue?) -> Double? { value?.double.flatMap { isTime($0) ? $0 : nil } }

    // MARK: Text

    /// Lines of `go test -bench` and of `cargo bench`; empty where there are none. Source: golang.org/design/14313-benchmark-format
    static func read(text: String, package given: String = "") -> [ReportedBenchmark] {
        var package = given
        return medians(
            text.split(whereSeparator: \.isNewline).compactMap { line -> (String, Double)? in
                if given.isEmpty, line.hasPrefix("pkg: ") { package = String(line.dropFirst(5)) }
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                return go(words).map { (package.isEmpty ? $0.name : "\(package).\($0.name)", $0.seconds) } ?? cargo(words)
            })
    }

    /// `BenchmarkParse/small-8   1000   1234 ns/op`
    private static func go(_ words: [Substring]) -> (name: String, seconds: Double)? {
        guard words.count >= 4, words[0].hasPrefix("Benchmark"), let place = words.firstIndex(of: "ns/op"), place >= 2,
            let value = Double(words[place - 1])
        else { return nil }
        var name = words[0]
        // The number of processors is the machine's, not the benchmark's.
        if let dash = name.lastIndex(of: "-"), !name[name.index(after: dash)...].isEmpty,
            name[name.index(after: dash)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            name = name[..<dash]
        }
        return (String(name), value * 1e-9)
    }

    /// `test bench_parse ... bench:       1,234 ns/iter (+/- 56)`
    private static func cargo(_ words: [Substring]) -> (String, Double)? {
        guard words.count >= 6, words[0] == "test", let place = words.firstIndex(of: "bench:"), place >= 2, words.count > place + 2,
            words[place + 2].hasPrefix("ns/iter"), let value = Double(words[place + 1].filter { $0 != "," })
        else { return nil }
        return (String(words[1]), value * 1e-9)
    }
}
