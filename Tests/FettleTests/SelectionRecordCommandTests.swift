import Basics
import FoundationEssentials
import TestSupport
import Testing

@testable import fettle

/// What a report says wrongly or not at all must never skip a test: in a real repository, through the real command.
@Suite struct SelectionRecordCommandTests {
    private let change: [String: String?] = ["shop/money.py": "class Money:\n    def add(self, other):\n        return other\n"]

    @Test(arguments: [
        ("no XML at all", "Killed\n"), ("cut off", String(SelectionStage.report().dropLast(60))), ("empty", ""),
        ("another document", "<html><body/></html>"),
    ]) func `everything runs after a report that cannot be read`(what: String, report: String) async throws {
        let stage = try await SelectionStage()
        let (status, _, error) = await stage.record(report)
        #expect(status == .findings && error.contains("report.xml"), "\(what): \(error)")
        let printed = try await stage.selection(after: change)
        #expect(printed.runsEverything(because: "unreadable history", naming: "could not be read"), "\(what): \(printed.text)")
    }

    @Test(arguments: ["nosuch", "0123456789012345678901234567890123456789"])
    func `a commit that is not there is refused, and nothing is recorded`(commit: String) async throws {
        let stage = try await SelectionStage()
        let file = "\(stage.repository.path)/.git/odd.xml"
        try SelectionStage.report().write(toFile: file, atomically: true, encoding: .utf8)
        let before = try String(contentsOfFile: stage.history, encoding: .utf8)
        let terminal = RecordedTerminal()
        let words = ["tests", "record", "--repo", stage.repository.path, "--history", stage.history, "--commit", commit, file]
        #expect(await CommandRegistry.run(words, in: terminal.context()) == .usage)
        #expect(terminal.error.contains("no commit '\(commit)' is in the repository"), "\(terminal.error)")
        #expect(try String(contentsOfFile: stage.history, encoding: .utf8) == before)
    }

    @Test(
        arguments: [
            ("missing", nil, true), ("empty", "", true), ("without a case", "<testsuites/>", false),
            (
                "with skipped cases only",
                "<testsuite><testcase classname=\"tests.test_money\" name=\"a\"><skipped/></testcase></testsuite>", false
            ),
        ] as [(String, String?, Bool)]) func `a report that tells of no test is not counted as a run`(
            what: String, report: String?, isFault: Bool
        ) async throws
    {
        let stage = try await SelectionStage()
        let file = "\(stage.repository.path)/.git/odd.xml"
        try report?.write(toFile: file, atomically: true, encoding: .utf8)
        let terminal = RecordedTerminal()
        let words = ["tests", "record", "--repo", stage.repository.path, "--history", stage.history, "--branch", "feature"]
        #expect(await CommandRegistry.run(words + [file], in: terminal.context()) == (isFault ? .findings : .done))
        #expect(terminal.output.contains("no test ran: this run is not counted; 3 runs are known"), "\(what): \(terminal.output)")
        try await stage.repository.commit("Change", change)
        let whole = try await stage.select()
        #expect(whole.runsEverything(because: "unreadable history", naming: "told of no test"), "\(what): \(whole.text)")
        #expect(try await stage.select(["--observe"]).text.contains("observing: 3 runs are recorded"), "\(what)")
        // Of a part, none ran because none was chosen: nothing is lost.
        guard !isFault else { return }
        #expect(await stage.record(SelectionStage.report()).status == .done)
        #expect(await CommandRegistry.run(words + ["--partial", file], in: terminal.context()) == .done)
        #expect(!(try await stage.select().text.contains("everything runs")), "\(what)")
    }

    @Test func `the first run is told as one run`() async throws {
        let repository = try await ScratchRepository()
        try await repository.commit("Start", ["tests/test_a.py": "def test_a(): pass\n"])
        try "<testsuite><testcase classname=\"tests.test_a\" name=\"a\"/></testsuite>".write(
            toFile: "\(repository.path)/report.xml", atomically: true, encoding: .utf8)
        let terminal = RecordedTerminal()
        _ = await CommandRegistry.run(
            ["tests", "record", "--repo", repository.path, "\(repository.path)/report.xml"], in: terminal.context())
        #expect(terminal.output == "recorded 1 test, 0 failed; 1 run is known\n")
        _ = await CommandRegistry.run(["tests", "select", "--repo", repository.path, "--base", "HEAD"], in: terminal.context())
        #expect(terminal.output.contains("observing: 1 run is recorded"), "\(terminal.output)")
    }

    @Test func `everything runs when the recorded history is damaged`() async throws {
        let stage = try await SelectionStage()
        try "{\"version\": 1, ".write(toFile: stage.history, atomically: true, encoding: .utf8)
        #expect(try await stage.selection(after: change).runsEverything(because: "unreadable history", naming: "runs.json"))
    }

    @Test func `a test that failed last time runs, though clocks run backwards`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("From the future", ["README.md": "1\n"], at: 2_000_000_000)
        #expect(await stage.record(SelectionStage.report()).status == .done)
        try await stage.repository.commit("From the past", ["README.md": "2\n"], at: 1_000_000_000)
        #expect(await stage.record(SelectionStage.report(failing: ["tests/unit/test_deep.py"])).status == .done)
        try await stage.repository.commit("Change", change, at: 1_500_000_000)
        let printed = try await stage.select()
        #expect(printed.runs("tests/unit/test_deep.py", because: "failed last time"), "\(printed.text)")
    }

    @Test func `of two cases of one name the failed one counts`() async throws {
        let stage = try await SelectionStage()
        let twice = ["", "<failure/>", ""].map { "<testcase classname=\"tests.test_slow\" name=\"test_it\">\($0)</testcase>" }.joined()
        #expect(await stage.record("<testsuite>\(twice)</testsuite>", branch: "feature", ["--partial"]).status == .done)
        #expect(try await stage.selection(after: change).runs("tests/test_slow.py", because: "failed last time"))
    }

    @Test func `two test files of one name are told apart, or else both run`() async throws {
        let stage = try await SelectionStage()
        let before = try await stage.repository.commit("Twins", ["tests/a/test_x.py": "A = 1\n", "tests/b/test_x.py": "B = 1\n"])
        let told = SelectionStage.report(
            failing: ["tests/b/test_x.py"], tests: SelectionStage.tests + ["tests/a/test_x.py", "tests/b/test_x.py"])
        #expect(await stage.record(told).status == .done)
        try await stage.repository.commit("Change", change)
        let printed = try await stage.select(base: before)
        #expect(printed.runs("tests/b/test_x.py", because: "failed last time") && !printed.chosen.contains("tests/a/test_x.py"))

        let other = try await SelectionStage()
        let start = try await other.repository.commit("Twins", ["tests/a/test_x.py": "A = 1\n", "tests/b/test_x.py": "B = 1\n"])
        let untold = SelectionStage.report(failing: ["test_x.py"], tests: SelectionStage.tests + ["test_x.py"])
        #expect(await other.record(untold).status == .done)
        try await other.repository.commit("Change", change)
        let both = try await other.select(base: start)
        for test in ["tests/a/test_x.py", "tests/b/test_x.py"] { #expect(both.runs(test, because: "failed last time"), "\(both.text)") }
        // Every word of the printed command line is a file that is there.
        #expect(!both.text.contains(" test_x.py"), "\(both.text)")
    }

    @Test func `everything runs when what failed last time is in no file that is known`() async throws {
        let stage = try await SelectionStage()
        let failed = "<testsuite><testcase classname=\"made at run time\" name=\"x\"><failure/></testcase></testsuite>"
        #expect(await stage.record(failed, branch: "feature", ["--partial"]).status == .done)
        let printed = try await stage.selection(after: change)
        #expect(printed.runsEverything(because: "must run, and is in no file", naming: "made at run time"), "\(printed.text)")
    }

    @Test(arguments: ["test_it[1-x]", "test_it[2-y, z]", "test_it(Int)[3]"])
    func `parameters of a case do not make it another test`(name: String) async throws {
        let stage = try await SelectionStage()
        let failed = "<testsuite><testcase classname=\"tests.test_slow\" name=\"\(name)\"><failure/></testcase></testsuite>"
        #expect(await stage.record(failed, branch: "feature", ["--partial"]).status == .done)
        let printed = try await stage.selection(after: change)
        #expect(printed.runs("tests/test_slow.py", because: "failed last time"))
        #expect(Set(printed.chosen).isSubset(of: SelectionStage.tests))
    }

    @Test func `what a selection left out and a whole run finds failing is told as missed, with the chance it was given`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Change", change)
        let printed = try await stage.select(["--remember"])
        #expect(printed.mode == "selection" && !printed.chosen.contains("tests/test_slow.py"))
        #expect(await stage.record(SelectionStage.report(tests: printed.chosen), ["--partial"]).output.contains("missed") == false)
        let found = await stage.record(SelectionStage.report(failing: ["tests/test_slow.py"]))
        #expect(found.output.contains("missed by selection: tests/test_slow.py, left out for"), "\(found.output)")
        let report = RecordedTerminal()
        let words = ["tests", "report", "--repo", stage.repository.path, "--history", stage.history]
        #expect(await CommandRegistry.run(words, in: report.context()) == .done)
        #expect(report.output.contains("missed by selection:\n  tests/test_slow.py: left out for"), "\(report.output)")
        // Told once: a second red run is no second miss.
        #expect(await stage.record(SelectionStage.report(failing: ["tests/test_slow.py"])).output.contains("missed") == false)
    }

    @Test func `cases that name no file are found by their titles`() async throws {
        let stage = try await SelectionStage()
        let files: [String: String?] = [
            "web/cart.test.js": "test('adds an item', () => {});\ndescribe(\"the cart\", () => { it('empties', () => {}); });\n",
            "web/till.test.js": "test('takes money', () => {});\n",
        ]
        let before = try await stage.repository.commit("Tests in JavaScript", files)
        let cases = [("test", "takes money", "<failure/>"), ("test", "adds an item", "")].map {
            "<testcase classname=\"\($0.0)\" name=\"\($0.1)\">\($0.2)</testcase>"
        }
        #expect(await stage.record("<testsuites>\(cases.joined())</testsuites>", branch: "feature", ["--partial"]).status == .done)
        try await stage.repository.commit("Change", change)
        let printed = try await stage.select(base: before)
        #expect(printed.runs("web/till.test.js", because: "failed last time"), "\(printed.text)")
        #expect(!printed.runs("web/cart.test.js", because: "failed last time") && !printed.chosen.contains("test"), "\(printed.text)")
    }
}
