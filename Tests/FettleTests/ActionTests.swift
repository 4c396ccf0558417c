import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing
import Text

@testable import fettle

@Suite struct ActionTests {
    private struct Outcome {
        let status: ExitCode
        let output: String
        let error: String
        let outputs: String
        let summary: String
    }

    /// Runs the action on the sandbox's sample pull request.
    private func run(
        _ forge: SandboxForge, _ reference: PullRequestReference, event: String = "pull_request", environment: [String: String] = [:]
    ) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let delivery = try #require(forge.pullRequestDelivery("opened", reference, id: "1", secret: Secret("s")))
        try write(delivery.body, to: "\(folder.path)/event.json")
        return try await withServer(forge) { server in
            var variables = [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": "\(folder.path)/event.json",
                "GITHUB_API_URL": "http://\(server.address)", "GITHUB_OUTPUT": "\(folder.path)/output",
                "GITHUB_STEP_SUMMARY": "\(folder.path)/summary", "INPUT_GITHUB_TOKEN": "ghs_0123456789abcdefghijABCDEFGHIJ012345",
            ]
            variables.merge(environment) { $1 }
            let terminal = RecordedTerminal()
            let status = await CommandRegistry.run(["action"], in: terminal.context(environment: variables))
            return Outcome(
                status: status, output: terminal.output, error: terminal.error, outputs: read("\(folder.path)/output"),
                summary: read("\(folder.path)/summary"))
        }
    }

    private func read(_ path: String) -> String { (try? InputFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let surroundings = ActionSurroundings(environment: ["GITHUB_STEP_SUMMARY": path])
        try ActionFiles(surroundings: surroundings).addSummary(String(decoding: bytes, as: UTF8.self))
    }

    private func sample(fork: Bool = false) throws -> (SandboxForge, PullRequestReference) {
        let forge = SandboxForge()
        let reference = try #require(SandboxSample.seed(forge))
        guard fork else { return (forge, reference) }
        let other = try #require(
            forge.openPullRequest(
                in: reference.repository.name, from: "currency", title: "From a fork", fork: RepositoryName("stranger/demo")))
        return (forge, other)
    }

    private func writes(_ forge: SandboxForge) -> [String] {
        forge.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
    }

    @Test func `a pull request gets one review, one summary, annotations and outputs, and no check run`() async throws {
        let (forge, reference) = try sample()
        let outcome = try await run(forge, reference)
        #expect(outcome.status == .done, "\(outcome.output)\(outcome.error)")
        #expect(forge.reviews(of: reference.number, in: reference.repository.name).count == 1)
        #expect(forge.comments(on: reference.number, in: reference.repository.name).count == 1)
        #expect(forge.checks(in: reference.repository.name).isEmpty)
        #expect(outcome.output.contains("::error file=") && outcome.output.contains("::group::"))
        #expect(outcome.summary.contains("### Review"))
        #expect(outcome.outputs.contains("conclusion<<fettle_") && outcome.outputs.contains("\nneutral\n"))
    }

    @Test func `the token is masked before anything else is said`() async throws {
        let (forge, reference) = try sample()
        let outcome = try await run(forge, reference)
        #expect(outcome.output.hasPrefix("::add-mask::ghs_"))
        let local = try await run(forge, reference, environment: ["GITHUB_ACTIONS": ""])
        #expect(!local.output.contains("ghs_"))
    }

    @Test func `findings at or above the chosen severity fail the step`() async throws {
        let (forge, reference) = try sample()
        #expect(try await run(forge, reference, environment: ["INPUT_FAIL_ON": "high"]).status == .findings)
    }

    @Test func `a fork's pull request gets annotations and summary, no write at all, and exit status 0`() async throws {
        let (forge, reference) = try sample(fork: true)
        let outcome = try await run(forge, reference, environment: ["INPUT_FAIL_ON": "info"])
        #expect(outcome.status == .done, "\(outcome.output)\(outcome.error)")
        #expect(writes(forge).isEmpty)
        #expect(outcome.output.contains("::error file=") && outcome.summary.contains("### Review"))
        #expect(outcome.outputs.contains("\nfailure\n"))
    }

    @Test func `with pull_request_target the token is the base's own and comments are posted`() async throws {
        let (forge, reference) = try sample(fork: true)
        _ = try await run(forge, reference, event: "pull_request_target")
        #expect(forge.reviews(of: reference.number, in: reference.repository.name).count == 1)
    }

    @Test func `a token that may not comment is a notice, not a failure`() async throws {
        let (forge, reference) = try sample()
        let refusal = HTTPResponse.json(403, ["message": "Resource not accessible by integration"])
        forge.inject(SandboxFault(.answer(refusal), method: .post, times: 100))
        let outcome = try await run(forge, reference)
        #expect(outcome.status == .done, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains("::notice title=No comments posted::") && outcome.output.contains("pull-requests: write"))
        #expect(outcome.summary.contains("### Review"))
    }

    @Test func `comments can be declined`() async throws {
        let (forge, reference) = try sample()
        let outcome = try await run(forge, reference, environment: ["INPUT_COMMENTS": "false"])
        #expect(outcome.status == .done && writes(forge).isEmpty)
    }

    @Test func `a variable or secret that does not exist is an empty text, and as good as not given`() async throws {
        let (forge, reference) = try sample()
        let empty = ["FETTLE_LLM_URL": "", "FETTLE_LLM_MODEL": "", "FETTLE_LLM_API_KEY": "", "FETTLE_GITHUB_TOKEN": ""]
        let outcome = try await run(forge, reference, environment: empty)
        #expect(outcome.status == .done, "\(outcome.output)\(outcome.error)")
        #expect(outcome.summary.contains("no model is configured"))
    }

    @Test func `a second run on the same pull request posts nothing twice`() async throws {
        let (forge, reference) = try sample()
        // The sandbox takes a workflow's token for its App, which a workflow is not: here somebody's own token is used.
        let token = ["INPUT_GITHUB_TOKEN": "somebody's own token"]
        _ = try await run(forge, reference, environment: token)
        _ = try await run(forge, reference, environment: token)
        #expect(forge.reviews(of: reference.number, in: reference.repository.name).count == 1)
        #expect(forge.comments(on: reference.number, in: reference.repository.name).count == 1)
    }

    @Test(arguments: [
        ["INPUT_COMMAND": "dance"], ["INPUT_FAIL_ON": "sometimes"], ["INPUT_COMMENTS": "maybe"], ["INPUT_GITHUB_TOKEN": ""],
        ["GITHUB_EVENT_NAME": "push"], ["GITHUB_EVENT_PATH": "/no/such"], ["FETTLE_LLM_PROVIDER": "oracle"],
    ])
    func `what is wrong with inputs or settings is exit status 2 and an annotation`(environment: [String: String]) async throws {
        let (forge, reference) = try sample()
        let outcome = try await run(forge, reference, environment: environment)
        #expect(outcome.status == .usage)
        #expect(outcome.output.contains("::error title=fettle::"))
        #expect(writes(forge).isEmpty)
    }

    @Test func `preview says what to allow, and where none is asked for`() async throws {
        let (forge, reference) = try sample()
        let refused = try await run(forge, reference, environment: ["INPUT_COMMAND": "preview"])
        #expect(refused.status == .usage && refused.output.contains("FETTLE_PREVIEW_ALLOW_COMMAND"))
        let folder = try TemporaryFolder()
        let allowed = ["INPUT_COMMAND": "preview", "FETTLE_PREVIEW_ALLOW_COMMAND": "true", "FETTLE_PREVIEW_FOLDER": folder.path]
        let none = try await run(forge, reference, environment: allowed)
        #expect(none.status == .done && none.outputs.contains("\nnone\n") && none.summary.contains("asks for none"), "\(none.output)")
        #expect(writes(forge).isEmpty)
    }

    @Test func `action.yml lists the inputs, defaults and outputs that the code has, and its image has our version`() throws {
        let root = try #require(try YAML.root(of: try Repository.text("action/action.yml")))
        let inputs = try #require(root["inputs"]?.mapping)
        #expect(Set(inputs.compactMap(\.key.text)) == Set(ActionInput.allCases.map(\.rawValue)))
        for input in ActionInput.allCases { #expect(root["inputs"]?[input.rawValue]?["default"]?.text == input.defaultValue) }
        let outputs = try #require(root["outputs"]?.mapping)
        #expect(Set(outputs.compactMap(\.key.text)) == Set(ActionTasks.all.flatMap { $0.outputs }))
        #expect(root["runs"]?["using"]?.text == "docker")
        #expect(root["runs"]?["image"]?.text?.hasSuffix(":action-\(VersionCommand.version)") == true)
        #expect(!inputs.contains { $0.key.text?.contains("-") == true })
    }
}

@Suite struct WorkflowCommandTests {
    @Test func `no text of others begins a command or ends a property`() {
        let evil = "x\n::set-output name=a::b\r\n%0A::error::"
        let line = WorkflowCommands.annotation(.error, path: "a,line=9::b", lines: 3...4, title: "t,x:y\n", message: evil)
        #expect(
            line == "::error file=a%2Cline=9%3A%3Ab,line=3,endLine=4,title=t%2Cx%3Ay%0A::x%0A::set-output name=a::b%0D%0A%250A::error::")
        #expect(!line.utf8.contains(10) && !line.utf8.contains(13))
    }

    @Test(arguments: [
        "::error::x", "  ::add-mask::x", "a ##[error]x", "##[group]", "x\n::error::y", "\u{2028}::error::", "\r\n::error::",
        "::\u{301}error::", "##[\u{301}x",
    ])
    func `a log line is never a command`(text: String) {
        let line = WorkflowCommands.text(text)
        #expect(!line.utf8.contains(10) && !line.utf8.contains(13) && line.utf8.firstRange(of: "##[".utf8) == nil)
        #expect(!line.utf8.drop { $0 <= 32 }.starts(with: "::".utf8))
    }

    @Test func `each line of a secret is masked, very short ones not`() {
        #expect(WorkflowCommands.masks(Secret("abcdef\nab\n12%34")) == ["::add-mask::abcdef", "::add-mask::12%2534"])
    }

    @Test func `a summary over the limit is cut at a line and says so`() {
        let text = ActionFiles.shortened(String(repeating: "é line\n", count: 200_000))
        #expect(text.utf8.count <= 1 << 20 && text.hasSuffix("did not fit.*\n"))
        #expect(!text.contains("\u{fffd}"))
    }

    @Test func `a value cannot end its output early`() throws {
        let folder = try TemporaryFolder()
        let files = ActionFiles(surroundings: ActionSurroundings(environment: ["GITHUB_OUTPUT": "\(folder.path)/o"]))
        try files.setOutputs([("a", "x\nfettle_\nEOF\nb<<c\nevil\nc"), ("b", "2")])
        let lines = String(decoding: try InputFile.read("\(folder.path)/o"), as: UTF8.self).split(separator: "\n").map(String.init)
        let delimiter = try #require(lines.first?.split(separator: "<").last.map(String.init))
        #expect(delimiter.count == 39 && lines.firstIndex(of: delimiter) == 7)
        #expect(lines[8].hasPrefix("b<<fettle_") && !lines[8].hasSuffix(delimiter))
    }
}
