import Basics
import FoundationEssentials
import HTTP
import Jobs
import TestSupport
import Testing

@testable import fettle

/// Test cases that a model proposes for changed lines that no test runs through: a patch, and never more than a proposal.
@Suite struct CaseProposalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A change of two lines, one of which no test runs through.
    private func sample(test: String = "from shop import half\n\n\ndef test_half():\n    assert half(4) == 2\n") async throws
        -> ScratchRepository
    {
        let scratch = try await ScratchRepository()
        try await scratch.commit(
            "Start", ["shop.py": "def half(n):\n    return n / 2\n", "tests/test_shop.py": test, "tests/test_other.py": "\n"])
        try await scratch.commit("Change", ["shop.py": "def half(n):\n    if n < 0:\n        return None\n    return n / 2\n"])
        try folder.write("lcov.info", "SF:shop.py\nDA:1,1\nDA:2,1\nDA:3,0\nDA:4,1\nend_of_record\n")
        return scratch
    }

    private func propose(
        _ scratch: ScratchRepository, _ answer: ScriptedModelServer.Answer
    ) async throws -> (status: ExitCode, output: String, error: String, asked: String) {
        let server = ScriptedModelServer(answer)
        return try await withServer(server) { running in
            let terminal = RecordedTerminal()
            let environment = ["FETTLE_LLM_URL": "http://\(running.address)/v1", "FETTLE_LLM_MODEL": "m", "no_proxy": "*"]
            let status = await CommandRegistry.run(
                [
                    "tests", "coverage", "--repo", scratch.path, "--base", "HEAD~1", "--propose", "\(folder.path)/cases.patch",
                    "\(folder.path)/lcov.info",
                ], in: terminal.context(environment: environment))
            return (status, terminal.output, terminal.error, server.questions.first.map { $0.system + $0.prompt } ?? "")
        }
    }

    private func answer(_ path: String, _ text: String) -> ScriptedModelServer.Answer {
        .json(["cases": [["path": .string(path), "text": .string(text), "covers": "shop.py:3"]]])
    }

    private var patch: String {
        FileManager.default.contents(atPath: "\(folder.path)/cases.patch").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test(arguments: [
        "from shop import half\n\n\ndef test_half():\n    assert half(4) == 2\n",
        "from shop import half\ndef test_half(): assert half(4) == 2", "",
    ]) func `the patch says that nobody has run it, and git puts it in place`(test: String) async throws {
        let scratch = try await sample(test: test)
        let outcome = try await propose(scratch, answer("tests/test_shop.py", "def test_negative():\n    assert half(-1) is None\n"))
        #expect(outcome.status == .done && outcome.output.contains("unverified"), "\(outcome.output)\(outcome.error)")
        #expect(outcome.asked.contains("3 >         return None") && outcome.asked.contains("# Test file tests/test_shop.py"))
        #expect(patch.hasPrefix("Unverified: proposed by m, run by nobody.\n") && patch.contains("  shop.py: 3\n"))
        try await scratch.git("apply", "\(folder.path)/cases.patch")
        let now =
            FileManager.default.contents(atPath: "\(scratch.path)/tests/test_shop.py").map { String(decoding: $0, as: UTF8.self) } ?? ""
        #expect(now.hasPrefix(test) && now.hasSuffix("\n\ndef test_negative():\n    assert half(-1) is None\n"), "\(now)")
    }

    @Test(arguments: [
        ("shop.py", "import os\n", "none of the test files"), (".github/workflows/ci.yml", "on: push\n", "none of the test files"),
        ("tests/test_shop.py", "x = '\u{202E}'\n", "characters that hide"), ("tests/test_shop.py", "a\u{0}b", "characters that hide"),
    ]) func `what may not stand in a patch is left out and named`(path: String, text: String, reason: String) async throws {
        let outcome = try await propose(try await sample(), answer(path, text))
        #expect(outcome.status == .done && outcome.error.contains(reason), "\(outcome.error)")
        #expect(patch.isEmpty)
    }

    @Test(arguments: [ScriptedModelServer.Answer.text("no"), .status(401, message: "no"), .json(["cases": []])])
    func `a model that gives nothing costs nothing but the proposal`(answer: ScriptedModelServer.Answer) async throws {
        let outcome = try await propose(try await sample(), answer)
        #expect(outcome.status == .done && outcome.output.contains("1 are not") && patch.isEmpty, "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("the model"))
    }

    @Test func `without a model the option says what is missing`() async throws {
        let scratch = try await sample()
        let terminal = RecordedTerminal()
        let words = ["tests", "coverage", "--repo", scratch.path, "--base", "HEAD~1", "--propose", "x", "\(folder.path)/lcov.info"]
        #expect(await CommandRegistry.run(words, in: terminal.context()) == .usage)
        #expect(terminal.error.contains("FETTLE_LLM_URL"))
    }
}
