import Basics
import Forge
import FoundationEssentials
import HTTP
import Jobs
import SandboxForge
import TestSelection
import TestSupport
import Testing

@testable import fettle

/// `select_tests` and `record_tests` with a token and no server: the step's own job, over a database in memory.
@Suite struct ActionTestsTests {
    private let forge = SandboxForge()
    private let reference: PullRequestReference
    private let folder: TemporaryFolder
    private static let names = ["alpha", "beta", "gamma", "delta"]

    init() throws {
        reference = try #require(SandboxSample.seed(forge))
        folder = try TemporaryFolder()
    }

    private func run(
        _ command: String, in scratch: ScratchRepository, _ inputs: [String: String], event: String = "pull_request"
    ) async throws -> (status: ExitCode, output: String) {
        let delivery = try #require(forge.pullRequestDelivery("opened", reference, id: "1", secret: Secret("s")))
        try Data(delivery.body).write(to: URL(filePath: "\(folder.path)/event.json"))
        return try await withServer(forge) { server in
            let variables = [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": "\(folder.path)/event.json",
                "GITHUB_API_URL": "http://\(server.address)", "GITHUB_WORKSPACE": scratch.path,
                "GITHUB_REPOSITORY": "\(reference.repository.name)", "GITHUB_OUTPUT": "\(folder.path)/output",
                "GITHUB_STEP_SUMMARY": "\(folder.path)/summary", "INPUT_GITHUB_TOKEN": "ghs_0123456789abcdefghijABCDEFGHIJ012345",
                "INPUT_COMMAND": command, "INPUT_BASE": "HEAD~1",
            ]
            let terminal = RecordedTerminal()
            let status = await CommandRegistry.run(["action"], in: terminal.context(environment: variables.merging(inputs) { $1 }))
            return (status, terminal.output)
        }
    }

    private func repository() async throws -> ScratchRepository {
        let scratch = try await ScratchRepository()
        var files: [String: String?] = ["pyproject.toml": "[tool.pytest.ini_options]\n"]
        for name in Self.names {
            files["shop/\(name).py"] = "def \(name)():\n    return 1\n"
            files["tests/test_\(name).py"] = "from shop.\(name) import \(name)\n\ndef test_\(name)():\n    assert \(name)() == 1\n"
        }
        try await scratch.commit("Start", files)
        try await scratch.commit("Change", ["shop/alpha.py": "def alpha():\n    return 2 - 1\n"])
        return scratch
    }

    private func report(_ name: String, failing: Set<String> = []) throws -> String {
        let cases = Self.names.map {
            "<testcase classname=\"tests.test_\($0)\" name=\"test_it\" time=\"10\">\(failing.contains($0) ? "<failure/>" : "")</testcase>"
        }
        try folder.write(name, "<testsuite>\(cases.joined())</testsuite>")
        return "\(folder.path)/\(name)"
    }

    @Test func `the choice is shown as a check on the pull request's own head`() async throws {
        let scratch = try await repository()
        let outcome = try await run("select_tests", in: scratch, ["INPUT_TARGET": "30%"])
        #expect(outcome.status == .done, "\(outcome.output)")
        let check = try #require(forge.checks(in: reference.repository.name).first)
        #expect(check.name == KeepTests.checkName && check.commit == forge.head(of: "currency", in: reference.repository.name))
        #expect(check.summary.contains("### What to run") && check.title.hasPrefix("observing"))
        _ = try await run("select_tests", in: scratch, ["INPUT_TARGET": "30%"])
        #expect(forge.checks(in: reference.repository.name).count == 1, "run again, the same check is edited")
    }

    @Test func `comments false and a forge that refuses leave the choice in the summary, and the step green`() async throws {
        let scratch = try await repository()
        #expect(try await run("select_tests", in: scratch, ["INPUT_TARGET": "30%", "INPUT_COMMENTS": "false"]).status == .done)
        #expect(forge.requests.isEmpty)
        forge.inject(SandboxFault(.status(422), pathSuffix: "", times: 50))
        let outcome = try await run("select_tests", in: scratch, ["INPUT_TARGET": "30%"])
        #expect(outcome.status == .done && outcome.output.contains("::notice title="), "\(outcome.output)")
    }

    @Test func `a run that finds what a selection left out opens an issue, and the history is in its file`() async throws {
        let scratch = try await repository()
        let history = "\(folder.path)/history.json"
        let green = try report("green.xml")
        let kept = try HistoryStore(ParsedArguments(["--history", history], for: TestsReportCommand.description))
        for _ in 0..<31 {
            var recorded = kept.read().history
            if recorded.recorded == 0 {
                let first = try await run("record_tests", in: scratch, ["INPUT_REPORTS": green, "INPUT_HISTORY": history])
                #expect(first.status == .done, "\(first.output)")
            } else {
                // The first thirty are observed; they need not all go through a step.
                recorded.add(Self.again(recorded))
                try kept.write(recorded)
            }
        }
        #expect(kept.read().history.recorded == 31)
        let chosen = try await run("select_tests", in: scratch, ["INPUT_TARGET": "30%", "INPUT_HISTORY": history])
        #expect(chosen.output.contains("fettle tests select: selection, 1 to run"), "\(chosen.output)")
        let red = try report("red.xml", failing: ["gamma"])
        let outcome = try await run("record_tests", in: scratch, ["INPUT_REPORTS": red, "INPUT_HISTORY": history])
        #expect(outcome.status == .done, "\(outcome.output)")
        let issue = try #require(forge.issues(in: reference.repository.name).first)
        #expect(issue.title == "Missed by selection: tests/test_gamma.py" && issue.labels == [KeepTests.issueLabel])
        #expect(kept.read().history.recorded == 32 && kept.read().history.misses.count == 1)
    }

    private static func again(_ history: RunHistory) -> RecordedRun {
        let cases = names.map { ReportedCase(group: "", name: "test_it", file: "tests/test_\($0).py", verdict: .passed, seconds: 10) }
        return RecordedRun(
            TestReport(cases: cases), commit: "c\(history.recorded)", branch: "main", isWhole: true,
            location: CaseLocation(tests: names.map { "tests/test_\($0).py" }))
    }
}
