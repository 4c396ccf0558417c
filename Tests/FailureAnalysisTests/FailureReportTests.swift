import Basics
import Forge
import FoundationEssentials
import Policy
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct FailureReportTests {
    private let analyzer: LogAnalyzer

    init() throws {
        analyzer = try SharedAnalyzer.get()
    }

    private func report(_ text: String) throws -> FailureReport {
        let folder = try TemporaryFolder()
        let path = folder.path + "/job.log"
        try Data(text.utf8).write(to: URL(filePath: path))
        return try analyzer.report(on: LogFile(path), redactor: Redactor())
    }

    @Test func `a later command that failed for a reason of its own is a cause of its own, up to the verdict's line`() throws {
        func step(_ lines: String) -> String {
            "##[group]Run make\nmake\nshell: /usr/bin/bash\n##[endgroup]\n\(lines)\n##[error]Process completed with exit code 2.\n"
        }
        let compile = step("src/a.c:3:5: error: expected ';'\nmake: *** [Makefile:2: a.o] Error 1")
        let test = step("--- FAIL: TestParse (0.12s)\n    parse_test.go:3: got 1, want 2")
        let analyzer = try SharedAnalyzer.get()
        func causes(_ log: String) throws -> [String] {
            try analyzer.reports(on: LogFile(named: "job", content: Array(log.utf8)), redactor: Redactor()).map(\.fingerprint.hex)
        }
        #expect(try causes(test + compile) == causes(test) + causes(compile))
        #expect(try causes(compile + test) == causes(compile) + causes(test))
        #expect(try causes(compile + compile) == causes(compile))
    }

    @Test func `failed tests are told with how long their lines say they took`() throws {
        let log = """
            ##[group]Run test
            --- FAIL: TestParse (0.12s)
            [  FAILED  ] Parser.ReadsNothing (12 ms)
            FAILED tests/test_orders.py::test_refund - AssertionError: took 3 of 4 s.x
            parse(com.example.ParserTest)  Time elapsed: 0.5 sec  <<< FAILURE!
            ##[error]Process completed with exit code 1.
            """
        let report = try SharedAnalyzer.get().report(on: LogFile(named: "test", content: Array(log.utf8)), redactor: Redactor())
        #expect(
            report.observedTests == [
                ObservedTest(name: "TestParse", seconds: 0.12), ObservedTest(name: "Parser.ReadsNothing", seconds: 0.012),
                ObservedTest(name: "tests/test_orders.py::test_refund", seconds: nil),
                ObservedTest(name: "parse(com.example.ParserTest)", seconds: 0.5),
            ])
        #expect(report.failedTests == report.observedTests?.map(\.name))
    }

    @Test func `a report names what broke, the step, the verdict and the tests`() throws {
        let report = try report(
            """
            2026-04-22T16:09:37.3317193Z ##[group]Run go test ./...
            2026-04-22T16:09:38.3317193Z --- FAIL: TestParse (0.01s)
            2026-04-22T16:09:38.3317193Z     parse_test.go:12: got 1, want 2
            2026-04-22T16:09:38.3317193Z FAIL
            2026-04-22T16:09:39.3317193Z ##[error]Process completed with exit code 1.
            """)
        #expect(report.headline?.text.raw == "--- FAIL: TestParse (0.01s)")
        #expect(report.headline?.line == 2)
        #expect(report.failingCommand?.text.raw == "##[group]Run go test ./...")
        #expect(report.verdict?.line == 5)
        #expect(report.failedTests == ["TestParse"])
        #expect(report.failureClass == .test)
        #expect(report.evidence.map(\.line) == [1, 2, 3, 4, 5])
    }

    @Test func `a log that shows no cause is called that`() throws {
        let report = try report("all is well\nthen it stopped\n")
        #expect(report.isInsufficient)
        #expect(report.plainText(redactor: Redactor()).contains("insufficient evidence"))
        #expect(report.json(redactor: Redactor())["status"] == "insufficient evidence")
    }

    @Test func `credentials in quoted lines are taken out of every format`() throws {
        let token = "ghp_" + String(repeating: "aB3dE5fG7h", count: 4).prefix(36)
        let report = try report("error: push failed with token \(token)\n")
        #expect(!report.plainText(redactor: Redactor()).contains(token))
        #expect(!report.json(redactor: Redactor()).text.contains(token))
        #expect(!OutputHygiene(redactor: Redactor()).publish(report.markdown).text.contains(token))
    }

    @Test func `a quoted mention or fence does nothing in Markdown`() throws {
        let report = try report("error: ``` @team closes #12 <img src=x>\n")
        let text = OutputHygiene(redactor: Redactor()).publish(report.markdown).text
        #expect(!text.contains("<img src=x>") || text.contains("`"))
        #expect(text.hasPrefix("**"))
    }

    @Test(arguments: [
        ("--- FAIL: TestA/b (0.00s)", "TestA/b"), ("FAILED tests/test_a.py::test_b - assert", "tests/test_a.py::test_b"),
        ("test a::b ... FAILED", "a::b"), ("[  FAILED  ] A.B (0 ms)", "A.B"), ("  1) Parser reads", "Parser reads"),
        ("FAIL: test_a (m.C)", "test_a (m.C)"), ("testX(a.B)  Time elapsed: 0.1 sec  <<< FAILURE!", "testX(a.B)"),
        ("Test Case '-[A b]' failed (0.1 seconds).", "-[A b]"), ("not ok 3 - parses", "parses"),
        ("rspec ./spec/a_spec.rb:12 # A", "./spec/a_spec.rb:12"),
    ])
    func `the names of failed tests are read`(line: String, name: String) throws {
        #expect(try FailedTestNames().name(in: Array(line.utf8))?.raw == name)
    }
}
