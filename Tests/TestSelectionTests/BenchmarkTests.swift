import Basics
import TestSupport
import Testing

@testable import TestSelection

@Suite struct BenchmarkTests {
    private static let go = """
        goos: linux
        pkg: example.org/parse
        BenchmarkParse/small-8   \t 1000000\t      1234 ns/op\t     320 B/op
        BenchmarkParse/small-8   \t 1000000\t      1334 ns/op
        BenchmarkParse/small-8   \t 1000000\t      1284 ns/op
        Benchmark-odd
        PASS
        """
    private static let goEvents = #"""
        {"Action":"start","Package":"example.org/parse"}
        {"Action":"output","Package":"example.org/parse","Test":"BenchmarkParse","Output":"BenchmarkParse\n"}
        {"Action":"output","Package":"example.org/parse","Test":"BenchmarkParse","Output":"BenchmarkParse-2   \t"}
        {"Action":"output","Package":"example.org/parse","Test":"BenchmarkParse","Output":"  500\t   2500 ns/op\n"}
        {"Action":"pass","Package":"example.org/parse","Test":"TestParse","Elapsed":0.5}
        """#
    private static let pytest =
        #"{"machine_info":{},"benchmarks":[{"name":"test_parse","fullname":"tests/test_p.py::test_parse","stats":{"min":0.001,"median":0.002}}]}"#
    private static let google =
        #"{"context":{},"benchmarks":[{"name":"BM_Parse/8","run_type":"iteration","real_time":2.5,"time_unit":"us"},{"name":"BM_Sort","run_name":"BM_Sort","run_type":"iteration","real_time":9,"time_unit":"ns"},{"name":"BM_Sort_mean","run_name":"BM_Sort","aggregate_name":"mean","real_time":8,"time_unit":"ns"},{"name":"BM_Sort_median","run_name":"BM_Sort","aggregate_name":"median","real_time":7,"time_unit":"ns"},{"name":"BM_Bad","error_occurred":true}]}"#
    private static let hyperfine = #"{"results":[{"command":"fettle --version","mean":0.02,"median":0.01}]}"#
    private static let cargo = "running 1 test\ntest parse_small ... bench:       1,234.50 ns/iter (+/- 56)\n"

    @Test(arguments: [
        (go, ["example.org/parse.BenchmarkParse/small": 1284e-9]), (goEvents, ["example.org/parse.BenchmarkParse": 2500e-9]),
        (pytest, ["tests/test_p.py::test_parse": 0.002]), (google, ["BM_Parse/8": 2.5e-6, "BM_Sort": 7e-9]),
        (hyperfine, ["fettle --version": 0.01]), (cargo, ["parse_small": 1234.5e-9]),
    ]) func `the results of each runner are read, of repeated ones the median`(text: String, expected: [String: Double]) throws {
        let found = try ReportReader.read(Array(text.utf8)).benchmarks
        #expect(Set(found.map(\.name)) == Set(expected.keys))
        for benchmark in found {
            let wanted = try #require(expected[benchmark.name])
            #expect(abs(benchmark.seconds - wanted) < wanted * 1e-6)
        }
    }

    @Test func `tests that ran beside benchmarks are tests as ever`() throws {
        let report = try ReportReader.read(Array(Self.goEvents.utf8))
        #expect(report.cases.contains { $0.name == "TestParse" && $0.verdict == .passed })
    }

    @Test(arguments: [#"{"benchmarks":7}"#, #"{"results":[{"command":1}]}"#, "{}", "plain words", #"{"a":{"benchmarks":[]}}"#])
    func `what is no result is refused as before`(text: String) {
        #expect(throws: UnreadableReport.self) { try ReportReader.read(Array(text.utf8)) }
    }

    @Test func `damaged results never trap`() {
        let random = SeededRandom(seed: 11)
        for source in [Self.go, Self.goEvents, Self.pytest, Self.google, Self.hyperfine, Self.cargo] {
            for _ in 0..<400 {
                var bytes = Array(source.utf8)
                for _ in 0...random.below(4) {
                    let place = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(contentsOf: Array("-1e999 ns/op".utf8), at: place)
                    }
                }
                let report = try? ReportReader.read(bytes)
                #expect((report?.benchmarks ?? []).allSatisfy { $0.seconds > 0 && $0.seconds.isFinite })
            }
        }
    }

    /// Twelve benchmarks of very different size, run `runs` times with a little noise; in the last `slowRuns` each takes what `slow` says.
    private func history(runs: Int = 14, slowRuns: Int = 1, slow: [Int: Double] = [:], machine: Double = 1) -> RunHistory {
        var history = RunHistory()
        for run in 0..<runs {
            let isLate = run >= runs - slowRuns
            let measured = (0..<12).map { number in
                let usual = [3e-9, 2e-6, 5e-3, 4.0][number % 4] * (1 + 0.02 * Double((run + number) % 3))
                return ReportedBenchmark(name: "b\(number)", seconds: usual * (isLate ? (slow[number] ?? 1) * machine : 1))
            }
            history.record(
                TestReport(benchmarks: measured), commit: "\(run)", branch: "main", isWhole: true, location: CaseLocation(tests: []))
        }
        return history
    }

    private func slow(_ history: RunHistory) -> [SlowBenchmark] { HistorySummary(history).slowBenchmarks }

    @Test(arguments: [0, 1, 2, 3]) func `a benchmark that takes twice as long is named, be it of nanoseconds or seconds`(number: Int) throws
    {
        let found = slow(history(slow: [number: 2]))
        #expect(found.map(\.name) == ["b\(number)"])
        let only = try #require(found.first)
        #expect(only.now / only.before > 1.8 && only.now / only.before < 2.2 && only.runs == 1)
        #expect(only.series.last == only.series.max())
    }

    @Test func `a smaller loss is named once it lasts, noise and a slow machine never`() {
        #expect(slow(history()).isEmpty)
        #expect(slow(history(machine: 3)).isEmpty)
        #expect(slow(history(runs: 16, slowRuns: 1, slow: [1: 1.35])).isEmpty)
        #expect(slow(history(runs: 16, slowRuns: 6, slow: [1: 1.35])).map(\.name) == ["b1"])
        #expect(slow(history(runs: 6, slow: [1: 5])).isEmpty)
    }

    @Test func `a run that only measured teaches nothing of tests and hides nothing`() throws {
        let location = CaseLocation(tests: ["tests/test_a.py"])
        let failed = ReportedCase(group: "tests.test_a", name: "x", file: "tests/test_a.py", verdict: .failed, seconds: 1)
        var history = RunHistory()
        history.record(TestReport(cases: [failed]), commit: "a", branch: "f", isWhole: true, isDamaged: true, location: location)
        let before = history
        history.record(
            TestReport(benchmarks: [.init(name: "b", seconds: 1e-6)]), commit: "a", branch: "f", isWhole: true, location: location)
        #expect(history.sessions == before.sessions && history.observed == before.observed)
        let notice = try #require(RunNotice(history, after: RunNotice(before)))
        #expect(notice.failedCount == 1 && notice.isDamaged && notice.benchmarkCount == 1)
        #expect(try #require(RunNotice(history)).ran == 0)
        #expect(try RunHistory(parsing: history.serialized()) == history)
    }

    @Test func `a loss is reported until the benchmark is measured anew, whatever ran meanwhile`() {
        var known = history(slow: [1: 2])
        let passed = ReportedCase(group: "tests.test_a", name: "x", file: "tests/test_a.py", verdict: .passed, seconds: 1)
        known.record(
            TestReport(cases: [passed]), commit: "later", branch: "", isWhole: true, location: CaseLocation(tests: ["tests/test_a.py"]))
        #expect(slow(known).map(\.name) == ["b1"] && known.hasBenchmarks)
        #expect(RunNotice(known)?.slowerBenchmarks.isEmpty == true)
    }

    @Test func `benchmarks beside tests travel with their run`() throws {
        let location = CaseLocation(tests: ["tests/test_a.py"])
        let passed = ReportedCase(group: "tests.test_a", name: "x", file: "tests/test_a.py", verdict: .passed, seconds: 1)
        let run = RecordedRun(
            TestReport(cases: [passed], benchmarks: [.init(name: "b", seconds: 1e-6)]), commit: "c", branch: "", isWhole: true,
            location: location)
        #expect(run.fault == nil && run.isWhole && !run.isDamaged)
        var history = RunHistory()
        history.add(run)
        #expect(try #require(RunNotice(history)).benchmarkCount == 1)
        var bad = run
        bad.benchmarks = [.init(name: "b", seconds: .infinity)]
        #expect(bad.fault != nil)
    }

    @Test(arguments: [
        (3e-9, "3 ns"), (98.74e-9, "98.7 ns"), (1.234e-6, "1.23 µs"), (0.0125, "12.5 ms"), (2, "2 s"), (-1, "an unknown time"),
    ])
    func `times are told with the unit that fits`(seconds: Double, text: String) { #expect(OperationTime.text(seconds) == text) }
}
