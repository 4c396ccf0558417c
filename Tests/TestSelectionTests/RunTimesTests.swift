import Testing

@testable import TestSelection

@Suite struct RunTimesTests {
    /// Ten tests of a second each, run `runs` times; in the last run each takes what `last` says.
    private func history(runs: Int = 12, last: [String: Double] = [:], failing: Set<String> = [], machine: Double = 1) -> RunHistory {
        var history = RunHistory()
        let tests = (0..<10).map { "tests/test_\($0).py" }
        for run in 0..<runs {
            let isLast = run == runs - 1
            let cases = tests.enumerated().map { place, test in
                let noise = 1 + 0.02 * Double((run + place) % 3)
                let seconds = isLast ? (last[test] ?? noise) * machine : noise
                return ReportedCase(
                    group: test, name: "case", file: test, verdict: isLast && failing.contains(test) ? .failed : .passed, seconds: seconds)
            }
            history.record(
                TestReport(cases: cases), commit: "\(run)", branch: "main", isWhole: true, location: CaseLocation(tests: tests))
        }
        return history
    }

    @Test func `a test that takes far longer than it used to is named, with its run times as a line`() throws {
        let slow = SlowRun.inLastSession(of: history(last: ["tests/test_3.py": 2.5]))
        #expect(slow.map(\.unit.name) == ["tests/test_3.py"])
        let found = try #require(slow.first)
        #expect(found.usual > 0.9 && found.usual < 1.1 && found.now > 2.2 && found.now < 2.6)
        #expect(Sparkline.text(found.series).last == "█")
        #expect(Sparkline.text(found.series).count == found.series.count)
    }

    @Test func `a machine that is slow on the whole makes no test slow`() {
        #expect(SlowRun.inLastSession(of: history(machine: 3)).isEmpty)
        #expect(SlowRun.inLastSession(of: history(last: ["tests/test_3.py": 2.5], machine: 3)).map(\.unit.name) == ["tests/test_3.py"])
    }

    @Test func `with few runs behind it nothing is called slow`() {
        #expect(SlowRun.inLastSession(of: history(runs: 8, last: ["tests/test_3.py": 9])).isEmpty)
    }

    @Test(arguments: [([], ""), ([0.0, 1, 2], "▁▅█"), ([0.0, 0], "▁▁"), ([.nan, -1, 4], "▁▁█")])
    func `run times are drawn against the longest`(
        series: [Double], line: String
    ) {
        #expect(Sparkline.text(series) == line)
    }

    @Test func `a run is told with what failed, what got slower and what flips`() throws {
        let notice = try #require(RunNotice(history(last: ["tests/test_3.py": 2.5], failing: ["tests/test_1.py"])))
        #expect(notice.ran == 10 && notice.failed == [TestID("tests/test_1.py")] && notice.slow.count == 1 && notice.isWhole)
        #expect(RunNotice(RunHistory()) == nil)
    }
}

@Suite struct RecordedRunTests {
    private func run(_ cases: [ReportedCase], isWhole: Bool = true, isDamaged: Bool = false) -> RecordedRun {
        RecordedRun(
            TestReport(cases: cases), commit: "c", branch: "main", isWhole: isWhole, isDamaged: isDamaged,
            location: CaseLocation(tests: ["tests/test_a.py", "tests/test_b.py"]))
    }
    private let one = ReportedCase(group: "tests.test_a", name: "x", file: "tests/test_a.py", verdict: .passed, seconds: 1)

    @Test func `a run that travels is learnt as one that was read here`() throws {
        var here = RunHistory()
        here.record(
            TestReport(cases: [one]), commit: "c", branch: "main", isWhole: true,
            location: CaseLocation(tests: ["tests/test_a.py", "tests/test_b.py"]))
        var there = RunHistory()
        there.add(run([one]))
        #expect(here == there)
        #expect(there.notCollected == [TestID("tests/test_b.py")])
        #expect(try RunHistory(parsing: there.serialized()) == there)
    }

    @Test func `a damaged run is no whole one and calls no test uncollected`() {
        let damaged = run([one], isDamaged: true)
        #expect(!damaged.isWhole && damaged.notCollected == nil)
        #expect(run([one], isWhole: false).notCollected == nil)
    }

    @Test func `a run that cannot be is refused with the reason`() {
        var twice = run([one])
        twice.outcomes += twice.outcomes
        #expect(twice.fault == "it names a test twice")
        var negative = run([one])
        negative.outcomes[0].milliseconds = -1
        #expect(negative.fault == "a run time in it cannot be")
        var long = run([one])
        long.branch = String(repeating: "x", count: 5000)
        #expect(long.fault?.contains("longer than") == true)
        #expect(run([one]).fault == nil)
    }

    @Test func `run times that are no numbers count for nothing`() {
        let odd = [Double.nan, .infinity, -3, 1e300].map {
            ReportedCase(group: "tests.test_a", name: "x", file: nil, verdict: .passed, seconds: $0)
        }
        #expect(run(odd).outcomes.map(\.milliseconds).allSatisfy { $0 >= 0 })
        #expect(run(odd).fault == nil)
    }
}
