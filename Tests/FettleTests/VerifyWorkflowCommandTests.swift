import Basics
import TestSupport
import Testing

@testable import fettle

@Suite struct VerifyWorkflowCommandTests {
    private static let risky = """
        on: pull_request
        permissions: {}
        jobs:
          a:
            runs-on: ubuntu-24.04
            steps:
              - run: echo "${{ github.head_ref }}"

        """

    private func run(_ words: [String]) async -> (status: ExitCode, output: String, error: String) {
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(["verify", "workflow"] + words, in: terminal.context())
        return (status, terminal.output, terminal.error)
    }

    private func sample() async throws -> ScratchRepository {
        let scratch = try await ScratchRepository()
        try await scratch.commit("Start", [".github/workflows/ci.yml": Self.risky, "src/notes.yml": "a: b\n"])
        return scratch
    }

    @Test(arguments: ["", "/", "/.github", "/.github/workflows"]) func `a folder stands for the workflows below it`(below: String)
        async throws
    {
        let scratch = try await sample()
        let (status, output, _) = await run([scratch.path + below])
        #expect(status == .done)
        #expect(output.contains("/.github/workflows/ci.yml:7:"))
        #expect(output.hasSuffix("warnings in 1 file\n"))
        #expect(!output.contains("//"))
    }

    @Test func `a folder without workflows is said to hold none, and where was looked`() async throws {
        let scratch = try await sample()
        let (status, _, error) = await run([scratch.path + "/src"])
        #expect(status == .usage)
        #expect(error.contains("there is no workflow below") && error.contains(".github/workflows"))
    }

    @Test func `a patch is shown and nothing written, or written and what is left reported`() async throws {
        let scratch = try await sample()
        let path = scratch.path + "/.github/workflows/ci.yml"
        let (status, patch, _) = await run(["--diff", "--fail-on", "warning", path])
        #expect(status == .findings)
        #expect(patch.contains("--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@"))
        #expect(patch.contains("+          HEAD_REF: ${{ github.head_ref }}\n"))
        #expect(String(decoding: try InputFile.read(path), as: UTF8.self) == Self.risky)
        let (fixed, report, told) = await run(["--fix", "--fail-on", "warning", path])
        #expect(fixed == .done && report == "0 errors, 0 warnings in 1 file\n" && told.contains("2 findings settled"))
        #expect(String(decoding: try InputFile.read(path), as: UTF8.self).contains("echo \"${HEAD_REF}\""))
    }

    @Test func `commits behind tags are asked of the forge, and called by the whole version`() async throws {
        let action = try await ScratchRepository()
        try await action.commit("Start", ["action.yml": "name: x\n"])
        for tag in ["v3", "v3.1.4"] { _ = try await action.git("tag", tag) }
        let commit = try await action.git("rev-parse", "HEAD")
        let scratch = try await ScratchRepository()
        let uses = Self.risky.replacing(
            "run: echo \"${{ github.head_ref }}\"", with: "uses: some/thing@v3\n      - uses: actions/checkout@v1")
        try await scratch.commit("Start", [".github/workflows/ci.yml": uses])
        // The site's folder `some/thing` is that repository.
        let site = try await ScratchRepository()
        _ = try await site.git("clone", "--quiet", "--bare", action.path, site.path + "/some/thing")
        let words = ["--diff", "--resolve", "--from", "file://" + site.path, scratch.path]
        let (_, patch, error) = await run(words)
        #expect(error.contains("actions/checkout: "), "one that cannot be asked does not keep the others")
        #expect(patch.contains("+      - uses: some/thing@\(commit.split(separator: "\n")[0]) # v3.1.4\n"), "\(patch) \(error)")
    }

    @Test(arguments: [["--diff", "--fix", "x.yml"], ["--resolve", "x.yml"], ["--diff", "--format", "sarif", "x.yml"]])
    func `options that do not go together are refused`(words: [String]) async {
        #expect(await run(words).status == .usage)
    }
}
