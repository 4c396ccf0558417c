import Basics
import Policy
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct ExcerptTests {
    private let analyzer: LogAnalyzer

    init() throws {
        analyzer = try SharedAnalyzer.get()
    }

    @Test func `the failed command's error is found among chatter before and after it`() {
        let chatter = (1...300).map { "step \($0) of 300 went well" }
        let log =
            ["travis_time:start:01", "$ make"] + chatter + [
                "src/main.c:12:5: error: expected ';' before 'return'", "     return 0", "     ^",
            ] + chatter
            + ["make: *** [main.o] Error 1", "travis_time:end:01:start=1,finish=2,duration=1", "The command \"make\" exited with 2."]
            + chatter
        let lines = LogText.excerpt(log.joined(separator: "\n"), lines: 20, with: analyzer)
        #expect(lines.contains("src/main.c:12:5: error: expected ';' before 'return'"))
        #expect(lines.contains("     ^"))
        #expect(lines.contains("The command \"make\" exited with 2."))
        #expect(lines.count == 20)
    }

    @Test func `the first command that failed explains, not what failed after it`() {
        let log = """
            ##[group]Run make
            main.go:3:1: undefined: foo
            ##[error]Process completed with exit code 1.
            ##[group]Run upload
            """
        let after = (1...40).map { "upload.sh: line \($0): cannot find artifact \($0)" }.joined(separator: "\n")
        let lines = LogText.excerpt(log + "\n" + after, lines: 5, with: analyzer)
        #expect(lines.contains("main.go:3:1: undefined: foo"))
        #expect(lines.contains("##[error]Process completed with exit code 1."))
    }

    @Test(arguments: 0..<24) func `a larger excerpt holds every line of a smaller one`(seed: Int) {
        let random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            ["src/a.c:3:5: error: expected ';'", "   return 0", "   ^"], ["cc -c a.c", "cc -c b.c"], ["", ""],
            ["--- FAIL: TestParse (0.00s)"] + (1...60).map { "    parse_test.go:\($0): got \($0)" }, ["make: *** [all] Error 2"],
            ["12 examples, 1 failure"], ["warning: unused variable x"],
            ["Traceback (most recent call last):", "  File \"a.py\", line 3", "ValueError: no"],
            ["The command \"make\" exited with 2."], ["travis_time:start:1", "$ make test"],
        ]
        let log = (0..<120).flatMap { _ in pieces[random.below(pieces.count)] }
        let budgets = [1, 7, 33, 50, 51, 75, 99, 100, 140, 200, 333, 400, 1000]
        let table = LogText.table(log.joined(separator: "\n"), with: analyzer)
        var smaller: Set<Int> = []
        for (budget, excerpt) in zip(budgets, analyzer.excerpts(of: table, lines: budgets)) {
            let lines = Set(excerpt.ranges.flatMap(\.lines))
            #expect(lines.isSuperset(of: smaller), "\(budget) lines lost what fewer had")
            #expect(lines.count == excerpt.lineCount && lines.count <= budget && excerpt.ranges.count <= Excerpt.mostRanges)
            #expect(excerpt == analyzer.excerpts(of: table, lines: [budget])[0], "other budgets asked for at once change nothing")
            smaller = lines
        }
    }

    @Test func `the line that announces an error and the lines that explain it belong to it`() {
        let stream = (1...80).map { "Compiling module\($0)" }
        let error = [
            "In file included from ../../text.c:28:0:", "src/Format/Diff.hs:183:31: error:", "    * Variable not in scope: (<>)",
            "    * Perhaps you meant one of these:",
        ]
        let log = stream + error + stream + ["The command \"make\" exited with 2."]
        let lines = LogText.excerpt(log.joined(separator: "\n"), lines: 12, with: analyzer)
        for line in error { #expect(lines.contains(line)) }
    }

    @Test func `warnings speak where a failed step names no error`() {
        let linting = (1...200).map { "Linting 'File\($0).swift' (\($0)/200)" }
        let warning = "/src/File9.swift:90:42: warning: Colon Violation: Colons should be next to the identifier"
        func log(_ end: [String]) -> String {
            (["travis_time:start:1", "$ lint"] + linting.prefix(60) + [warning] + linting.suffix(100) + end + [
                "The command \"lint\" exited with 2."
            ])
            .joined(separator: "\n")
        }
        #expect(LogText.excerpt(log([]), lines: 30, with: analyzer).contains(warning))
        let errors = (1...9).map { "src/File\($0).swift:9:4: error: expected expression" }
        #expect(!LogText.excerpt(log(errors), lines: 30, with: analyzer).contains(warning))
    }

    @Test func `a report that fits the budget is taken whole before anything else`() {
        let report = ["FAILED: parser"] + (1...46).map { "    expected \($0)" }
        let chatter = (1...200).map { "step \($0) went well" }
        let log =
            ["travis_time:start:1", "$ t"] + chatter + ["--- FAIL: TestParse (0.00s)"] + report.dropFirst() + chatter + [
                "The command \"t\" exited with 1."
            ]
        let lines = LogText.excerpt(log.joined(separator: "\n"), lines: 50, with: analyzer)
        for line in report.dropFirst() { #expect(lines.contains(line)) }
        #expect(lines.contains("The command \"t\" exited with 1."))
    }

    @Test func `a test's report is taken whole, to its last frame`() {
        let frames = (1...20).map { "    at call\($0) (src/app.js:\($0):1)" }
        let report = ["  1) parser", "       reads nothing:", "     Error: boom"] + frames
        let log =
            (["  12 passing", "  1 failing", ""] + report + ["", "npm ERR! Test failed.", "The command \"npm test\" exited with 1."])
        let lines = LogText.excerpt(log.joined(separator: "\n"), lines: 40, with: analyzer)
        for line in report { #expect(lines.contains(line)) }
    }

    @Test func `colours, time stamps and caret escapes hide nothing`() {
        let log = """
            2026-04-22T16:09:37.3317193Z ##[group]Run cargo test
            2026-04-22T16:09:38.3317193Z \u{1B}[31merror[E0308]\u{1B}[0m: mismatched types
            2026-04-22T16:09:38.4317193Z ^[[31merror[E0425]^[[0m: cannot find value
            2026-04-22T16:09:39.3317193Z ##[error]Process completed with exit code 101.
            """
        let table = LogText.table(log, with: analyzer)
        let names = (1...4).map { line in table[line].shape == 0 ? "" : analyzer.shapes[Int(table[line].shape) - 1].name }
        #expect(names[1] == "rust.error" && names[2] == "rust.error")
        #expect(table[1].mark == .commandStart && table[4].mark == .commandFailed)
    }

    @Test func `a log as gh prints it, with job and step before each time stamp, reads as the log itself`() {
        let plain = ["##[group]Run make", "main.go:3:1: undefined: foo", "##[error]Process completed with exit code 1."]
        let chatter = (1...40).map { "line \($0) went well" }
        let log = (chatter + plain).map { "build\tRun make\t2026-11-29T10:00:00.1234567Z \($0)" }
        let bare = LogText.excerpt((chatter + plain).joined(separator: "\n"), lines: 3, with: analyzer)
        let prefixed = LogText.excerpt(log.joined(separator: "\n"), lines: 3, with: analyzer)
        #expect(prefixed.map { $0.split(separator: "Z ").last.map(String.init) } == bare.map { $0 })
    }

    @Test func `an excerpt keeps its budget and its number of ranges on any log`() {
        let random = SeededRandom(seed: 9)
        let words = [
            "ok", "", "    at f (a.js:1:2)", "error: broken", "FAIL: test_a (b.C)", "=======", "npm ERR! code 1", "  1) name",
            "main.c:1:2: error: no",
            "Traceback (most recent call last):", "The command \"x\" exited with 1.", "warning: old", "E   assert", "travis_time:start:1",
        ]
        for _ in 0..<60 {
            let log = (0..<random.below(400)).map { _ in words[random.below(words.count)] }.joined(separator: "\n")
            let table = LogText.table(log, with: analyzer)
            let budgets = [1, 2, 7, 50, 200]
            for (budget, excerpt) in zip(budgets, analyzer.excerpts(of: table, lines: budgets)) {
                #expect(excerpt.lineCount <= budget)
                #expect(excerpt.ranges.count <= Excerpt.mostRanges)
                for (a, b) in zip(excerpt.ranges, excerpt.ranges.dropFirst()) { #expect(a.lines.upperBound < b.lines.lowerBound) }
                for range in excerpt.ranges { #expect(range.lines.lowerBound >= 1 && range.lines.upperBound <= table.count) }
            }
        }
    }

    @Test func `within a budget of tokens an excerpt takes all that fits, and a larger budget holds a smaller one`() throws {
        let lines =
            (0..<400).map { "step \($0) of the build went well and took its time" } + ["src/a.c:3:5: error: expected ';'", "stopped"]
        let file = LogFile(named: "build", content: Array(lines.joined(separator: "\n").utf8))
        let table = try analyzer.read(file)
        func words(_ text: String) -> TokenCount { TokenCount(text.split(separator: " ").count) }
        var held: Set<Int> = []
        for budget in [0, 1, 40, 200, 1000, 100_000] {
            let excerpt = try analyzer.excerpt(of: table, in: file, tokens: TokenCount(budget), redactor: Redactor(), estimate: words)
            let chosen = Set(excerpt.ranges.flatMap(\.lines))
            let text = try excerpt.texts(from: file, redactor: Redactor()).flatMap(\.texts).map { $0.raw + "\n" }
            let cost = text.reduce(0) { $0 + words($1).count }
            #expect(cost <= budget)
            #expect(budget < 40 || chosen.contains(401), "the error is in it")
            #expect(budget < 40 || chosen.count == lines.count || budget - cost < 20, "room for another line was used")
            #expect(held.isSubset(of: chosen))
            held = chosen
        }
        #expect(held.count == lines.count)
    }

    @Test func `an empty log and one of noise give what there is`() {
        #expect(LogText.excerpt("", lines: 10, with: analyzer).isEmpty)
        #expect(LogText.excerpt("one\ntwo", lines: 10, with: analyzer) == ["one", "two"])
    }

    @Test func `random bytes are taken`() {
        let random = SeededRandom(seed: 13)
        for _ in 0..<40 {
            var reader = analyzer.reader()
            let bytes = (0..<random.below(3000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            bytes.withUnsafeBufferPointer { reader.feed($0) }
            let table = reader.finish()
            #expect(analyzer.excerpts(of: table, lines: [20])[0].lineCount <= 20)
        }
    }
}
