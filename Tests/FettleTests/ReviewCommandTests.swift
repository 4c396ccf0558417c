import Basics
import HTTP
import TestSupport
import Testing

@testable import fettle

@Suite struct ReviewCommandTests {
    private static let workflow = """
        on: push
        permissions: {}
        jobs:
          a:
            runs-on: ubuntu-latest
            timeout-minutes: 5
            steps:
              - uses: somebody/something@v1

        """

    /// A repository whose last commit adds an unpinned action and changes a line of code.
    private func sample() async throws -> ScratchRepository {
        let scratch = try await ScratchRepository()
        try await scratch.commit("Start", ["a.py": "def f():\n    return 1\n"])
        try await scratch.commit("Add a workflow", [".github/workflows/ci.yml": Self.workflow, "a.py": "def f():\n    return 1 / 0\n"])
        return scratch
    }

    private func review(
        _ scratch: ScratchRepository, _ options: [String] = [], base: String = "HEAD~1", environment: [String: String] = [:]
    ) async -> (status: ExitCode, output: String, error: String) {
        let terminal = RecordedTerminal()
        let words = ["review", "--repo", scratch.path, "--base", base, "--head", "HEAD"] + options
        let status = await CommandRegistry.run(words, in: terminal.context(environment: environment))
        return (status, terminal.output, terminal.error)
    }

    @Test func `without a model the rules review, and the output says so`() async throws {
        let (status, output, _) = await review(try await sample())
        #expect(status == .done)
        #expect(output.contains("no model is configured"))
        #expect(output.contains(".github/workflows/ci.yml:8: medium security [workflow-unpinned-action]"))
        #expect(output.contains("1 found = 1 on lines"))
    }

    @Test func `where the head brings in nothing, that is said`() async throws {
        let (status, output, _) = await review(try await sample(), base: "HEAD")
        #expect(status == .done && output.hasPrefix("There is no change between base and head\n"))
        #expect(output.contains("is 'HEAD' itself or already part of it"))
    }

    @Test func `what lies below the severity floor is counted, and shown on demand`() async throws {
        let scratch = try await ScratchRepository()
        try await scratch.commit("Start", ["a.py": "x = 0\n"])
        try await scratch.commit("More", ["b.py": (1...40).map { "x\($0) = \($0)\n" }.joined()])
        let usual = await review(scratch).output
        #expect(usual.contains("1 not shown: below the severity floor (low); --severity-floor info shows them"))
        let all = await review(scratch, ["--severity-floor", "info"]).output
        #expect(all.contains("[untested-change]") && !all.contains("not shown:"))
    }

    @Test func `a model that fails is named with its address and its reason, never with our key`() async throws {
        let server = ScriptedModelServer(.status(401, message: "no such key: sk-a1b2c3d4e5f6"))
        try await withServer(server) { running in
            let environment = [
                "FETTLE_LLM_URL": "http://\(running.address)/v1", "FETTLE_LLM_MODEL": "m", "FETTLE_LLM_API_KEY": "sk-a1b2c3d4e5f6",
                "no_proxy": "*",
            ]
            let (status, output, _) = await review(try await sample(), environment: environment)
            #expect(status == .failure && output.contains("problem: The model's server refused our key."))
            #expect(output.contains("cause: the model server \(running.address) refused the key (no such key: "))
            #expect(!output.contains("sk-a1b2"))
        }
    }

    @Test func `findings at or above the chosen severity are exit status 1`() async throws {
        let scratch = try await sample()
        #expect(await review(scratch, ["--fail-on", "medium"]).status == .findings)
        #expect(await review(scratch, ["--fail-on", "high"]).status == .done)
    }

    @Test(arguments: ["text", "json", "sarif", "rdjson", "markdown"])
    func `every format names the finding`(format: String) async throws {
        let (status, output, _) = await review(try await sample(), ["--format", format])
        #expect(status == .done)
        #expect(output.contains(".github/workflows/ci.yml") && output.contains("workflow-unpinned-action"))
        if ["json", "sarif", "rdjson"].contains(format) { _ = try JSONValue(parsing: output.utf8) }
    }

    @Test func `with a model its findings join, on the line the quote is on`() async throws {
        let finding: JSONValue = [
            "path": "a.py", "quote": "return 1 / 0", "side": "new", "line": 77, "severity": "high", "category": "bug",
            "title": "Division by zero", "body": "This always raises.", "suggestion": "    return 1", "confidence": 0.9,
        ]
        let server = ScriptedModelServer(.json(["summary": "Adds a workflow.", "findings": [finding]]))
        try await withServer(server) { running in
            let environment = ["FETTLE_LLM_URL": "http://\(running.address)/v1", "FETTLE_LLM_MODEL": "m", "no_proxy": "*"]
            let (status, output, error) = await review(try await sample(), ["--format", "json"], environment: environment)
            #expect(status == .done && error.contains("asking m"))
            let value = try JSONValue(parsing: output.utf8)
            let findings = try #require(value["findings"]?.array)
            #expect(findings.count == 2 && value["status"] == "complete")
            let own = try #require(findings.first { $0["source"] == "model" })
            #expect(own["path"] == "a.py" && own["line"] == 2 && own["disposition"] == "inline")
            #expect(value["usage"]?["requests"] == 1 && value["usage"]?["input_tokens"] == 11)
            #expect(try #require(server.questions.first).schemaName == "fettle_review")
        }
    }

    @Test func `a model that fails is exit status 3, and the rules' findings are printed all the same`() async throws {
        let server = ScriptedModelServer(.status(401, message: "no such key"))
        try await withServer(server) { running in
            let environment = ["FETTLE_LLM_URL": "http://\(running.address)/v1", "FETTLE_LLM_MODEL": "m"]
            let (status, output, _) = await review(try await sample(), environment: environment)
            #expect(status == .failure)
            #expect(output.contains("workflow-unpinned-action") && output.contains("refused our key"))
        }
    }

    @Test(arguments: [["--base", "nowhere"], ["--base", "--upload-pack=x"], ["--repo", "/usr/share"], ["--sarif", "/no/such"]])
    func `what does not exist is exit status 2 with the reason`(options: [String]) async throws {
        let scratch = try await sample()
        let terminal = RecordedTerminal()
        var words = ["--repo": scratch.path, "--base": "HEAD~1", "--head": "HEAD"]
        words[options[0]] = options[1]
        let status = await CommandRegistry.run(["review"] + words.map { "\($0)=\($1)" }, in: terminal.context())
        #expect(status == .usage)
        #expect(terminal.error.contains("usage: fettle review"))
    }

    @Test func `a file that is no SARIF is refused in words of ours`() async throws {
        let scratch = try await sample()
        try scratch.write("report.sarif", "this is no JSON")
        let (status, _, error) = await review(scratch, ["--sarif", "\(scratch.path)/report.sarif"])
        #expect(status == .usage)
        #expect(error.contains("report.sarif' is no SARIF 2.1.0: not valid JSON"))
        #expect(!error.contains("DecodingError") && !error.contains("codingPath"))
    }

    @Test func `the JSON summary of a failed review points to coverage, not to a place below`() async throws {
        let server = ScriptedModelServer(.status(401, message: "no such key"))
        try await withServer(server) { running in
            let environment = ["FETTLE_LLM_URL": "http://\(running.address)/v1", "FETTLE_LLM_MODEL": "m"]
            let (_, output, _) = await review(try await sample(), ["--format", "json"], environment: environment)
            let summary = try JSONValue(parsing: output.utf8)["summary"]?.string
            #expect(summary?.contains("Not everything was read: coverage says what.") == true)
        }
    }

    @Test func `another tool's findings are shown under its name`() async throws {
        let scratch = try await sample()
        let region: JSONValue = ["startLine": 2]
        let place: JSONValue = ["physicalLocation": ["artifactLocation": ["uri": "a.py"], "region": region]]
        let result: JSONValue = ["ruleId": "E1", "level": "error", "message": ["text": "divides by zero"], "locations": [place]]
        let report: JSONValue = ["version": "2.1.0", "runs": [["tool": ["driver": ["name": "lint"]], "results": [result]]]]
        try scratch.write("report.sarif", report.text)
        let (status, output, _) = await review(scratch, ["--sarif", "\(scratch.path)/report.sarif", "--fail-on", "high"])
        #expect(status == .findings)
        #expect(output.contains("a.py:2: high maintainability [lint/E1]"))
    }

    @Test func `a record reviews again without repository or model, and its own file is private`() async throws {
        let scratch = try await sample()
        let bundle = "\(scratch.path)/review.bundle"
        let first = await review(scratch, ["--format", "json", "--bundle", bundle])
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(["review", "--replay", bundle, "--format", "json"], in: terminal.context())
        #expect(status == .done && first.status == .done)
        #expect(terminal.output == first.output)
        let mixed = RecordedTerminal()
        #expect(await CommandRegistry.run(["review", "--replay", bundle, "--repo", scratch.path], in: mixed.context()) == .usage)
        #expect(await CommandRegistry.run(["review", "--replay", "/no/such"], in: mixed.context()) == .usage)
    }

    @Test func `the repository's settings count as they were before the change`() async throws {
        let scratch = try await ScratchRepository()
        try await scratch.commit(
            "Start", [".fettle.yml": "review:\n  disabled_rules: [workflow-unpinned-action, workflow/unpinned-uses]\n"])
        try await scratch.commit(
            "Add a workflow", [".github/workflows/ci.yml": Self.workflow, ".fettle.yml": "review:\n  enabled: maybe\n"])
        let (status, output, _) = await review(scratch)
        #expect(status == .done)
        #expect(!output.contains("unpinned"), "\(output)")
    }

    @Test func `another tool's lines are read in the form that is named`() async throws {
        let scratch = try await sample()
        try scratch.write("lint.txt", "a.py:2:5: E999 something is wrong\n")
        let (status, output, _) = await review(scratch, ["--report", "lines:\(scratch.path)/lint.txt"])
        #expect(status == .done && output.contains("E999"), "\(output)")
        #expect(await review(scratch, ["--report", "nothing:x"]).status == .usage)
    }

    @Test func `a fettle.yml that lies in the working directory is not obeyed`() throws {
        let configuration = try Configuration.loadOutsideRepository(environment: [:])
        guard case .none = configuration.model else {
            Issue.record("a model is configured")
            return
        }
        #expect(throws: ConfigurationError.self) { try Configuration.loadOutsideRepository(environment: ["FETTLE_CONFIG": "/no/such"]) }
    }
}
