import Basics
import FoundationEssentials
import TestSupport
import Testing

@testable import fettle

/// The action's commands beside `review`, on a repository in the step's workspace and without a token.
@Suite struct ActionStepTests {
    private struct Outcome {
        let status: ExitCode
        let output: String
        let outputs: String
        let summary: String
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ command: String, in repository: ScratchRepository, _ inputs: [String: String] = [:]) async -> Outcome {
        for name in ["output", "summary"] { try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)") }
        let variables = [
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_OUTPUT": "\(folder.path)/output",
            "GITHUB_STEP_SUMMARY": "\(folder.path)/summary", "GITHUB_WORKSPACE": repository.path, "INPUT_COMMAND": command,
            "INPUT_GITHUB_TOKEN": "",
        ]
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(["action"], in: terminal.context(environment: variables.merging(inputs) { $1 }))
        return Outcome(status: status, output: terminal.output, outputs: read("output"), summary: read("summary"))
    }

    private func read(_ name: String) -> String {
        FileManager.default.contents(atPath: "\(folder.path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func sample() async throws -> ScratchRepository {
        let scratch = try await ScratchRepository()
        let test = "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
        try await scratch.commit(
            "Start",
            [
                "calc.py": "def add(a, b):\n    return a + b\n", "tests/test_calc.py": test,
                "pyproject.toml":
                    "[project]\nname = \"calc\"\nversion = \"1.0\"\nrequires-python = \">=3.11\"\n\n[tool.pytest.ini_options]\n",
            ])
        try await scratch.commit("Change", ["calc.py": "def add(a, b):\n    return b + a\n"])
        return scratch
    }

    @Test func `select_tests gives what to run as outputs, and the reasons as summary`() async throws {
        let outcome = await run("select_tests", in: try await sample(), ["INPUT_BASE": "HEAD~1"])
        #expect(outcome.status == .done, "\(outcome.output)")
        #expect(outcome.outputs.contains("\ntests/test_calc.py\n") && outcome.outputs.contains(#"["tests\/test_calc.py"]"#) == false)
        #expect(outcome.outputs.contains(#"["tests/test_calc.py"]"#) && outcome.outputs.contains("mode<<fettle_"))
        #expect(outcome.summary.contains("### What to run") && outcome.summary.contains("`tests/test_calc.py`"))
    }

    @Test func `without a base the event tells where the change began, and without either the fix is said`() async throws {
        let scratch = try await sample()
        let base = String(try await scratch.git("rev-parse", "HEAD~1").dropLast())
        let event = #"{"pull_request": {"base": {"sha": "\#(base)"}}}"#
        try Data(event.utf8).write(to: URL(filePath: folder.path + "/event"))
        #expect(await run("select_tests", in: scratch, ["GITHUB_EVENT_PATH": folder.path + "/event"]).status == .done)
        let none = await run("select_tests", in: scratch)
        #expect(none.status == .usage && none.output.contains("input 'base' is empty"))
    }

    @Test func `record_tests learns, and names a report it cannot read`() async throws {
        let scratch = try await sample()
        let report = #"<testsuite name="s"><testcase classname="tests.test_calc" name="test_add" time="0.1"/></testsuite>"#
        try scratch.write("good.xml", report)
        try scratch.write("bad.xml", "<testsuite>")
        let good = await run("record_tests", in: scratch, ["INPUT_REPORTS": scratch.path + "/good.xml\n"])
        #expect(good.status == .done && good.output.contains("recorded 1 test, 0 failed"), "\(good.output)")
        let bad = await run("record_tests", in: scratch, ["INPUT_REPORTS": "\(scratch.path)/good.xml\n\(scratch.path)/bad.xml"])
        #expect(bad.status == .findings && bad.output.contains("::warning title=Tests recorded in part::"))
        #expect(await run("record_tests", in: scratch).status == .usage)
    }

    @Test func `generate_check fails on drift with the difference, and passes once the files are written`() async throws {
        let scratch = try await sample()
        let before = await run("generate_check", in: scratch, ["INPUT_GENERATORS": "workflow"])
        #expect(before.status == .findings && before.output.contains("::error title=workflow%3A drift::"), "\(before.output)")
        #expect(before.outputs.contains("\ntrue\n") && before.summary.contains("`workflow`: differs."))
        let terminal = RecordedTerminal()
        _ = await CommandRegistry.run(["generate", "workflow", "--repo", scratch.path], in: terminal.context())
        let after = await run("generate_check", in: scratch, ["INPUT_GENERATORS": "workflow"])
        #expect(after.status == .done && after.outputs.contains("\nfalse\n"), "\(after.output)")
        #expect(await run("generate_check", in: scratch, ["INPUT_GENERATORS": "poetry"]).status == .usage)
    }

    @Test func `files go into a folder that is not there yet, nor those above it`() async throws {
        let scratch = try await sample()
        let terminal = RecordedTerminal()
        let folder = scratch.path + "/made/for/it"
        let status = await CommandRegistry.run(
            ["generate", "workflow", "--repo", scratch.path, "--output", folder], in: terminal.context())
        #expect(status == .done)
        #expect(try InputFile.read(folder + "/.github/workflows/ci.yml", limit: 100_000).count > 100)
    }
}
