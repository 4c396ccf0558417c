import FoundationEssentials
import TestSupport
import Testing

@testable import fettle

@Suite struct PreviewCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ settings: String) throws {
        try Data(settings.utf8).write(to: URL(filePath: folder.path + "/.fettle.yml"))
    }

    @Test func `the workflow that is written passes our own linter`() async throws {
        try write("preview: {driver: workflow, up: [sh, \"it's up.sh\"], down: [./down, --all]}\n")
        let terminal = RecordedTerminal()
        #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .done)
        let path = folder.path + "/.github/workflows/preview.yml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("sh 'it'\\''s up.sh' | tee"))
        let verdict = await CommandRegistry.run(["verify", "workflow", path, "--fail-on", "warning"], in: terminal.context())
        #expect(verdict == .done, "\(terminal.output)")
    }

    @Test func `words that a workflow would read as an expression are refused`() async throws {
        try write("preview: {driver: workflow, up: [sh, '${{ secrets.A }}'], down: [x]}\n")
        let terminal = RecordedTerminal()
        #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .failure)
        #expect(terminal.error.contains("line break or"))
    }

    @Test(arguments: ["label: deploy me", "when: command", "drafts: false"])
    func `a policy that a workflow cannot keep is refused instead of being dropped`(policy: String) async throws {
        try write("preview: {driver: workflow, up: [up], down: [down], \(policy)}\n")
        let terminal = RecordedTerminal()
        #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .failure)
        #expect(terminal.error.contains("for every pull request"), "\(terminal.error)")
    }

    @Test func `somebody else's workflow of that name is left as it is, our own is renewed`() async throws {
        try write("preview: {driver: workflow, up: [up], down: [down]}\n")
        let path = folder.path + "/.github/workflows/preview.yml"
        try FileManager.default.createDirectory(atPath: folder.path + "/.github/workflows", withIntermediateDirectories: true)
        try Data("name: years of work\n".utf8).write(to: URL(filePath: path))
        let terminal = RecordedTerminal()
        #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .usage)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "name: years of work\n")
        try FileManager.default.removeItem(atPath: path)
        for _ in 0..<2 {
            #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .done)
        }
    }

    @Test func `faults of the settings are told with their lines`() async throws {
        try write("preview:\n  driver: workflow\n  up: x\n")
        let terminal = RecordedTerminal()
        #expect(await CommandRegistry.run(["preview", "workflow", "--repo", folder.path], in: terminal.context()) == .usage)
        #expect(terminal.error.contains("line 3"))
    }

    @Test func `without a driver nothing can be brought up, and the answer says what to set`() async throws {
        let terminal = RecordedTerminal()
        let environment = ["FETTLE_DATABASE": "sqlite:\(folder.path)/f.sqlite"]
        #expect(await CommandRegistry.run(["preview", "up", "octo/demo#1"], in: terminal.context(environment: environment)) == .failure)
        #expect(terminal.error.contains("FETTLE_PREVIEW_ALLOW_COMMAND"))
        #expect(await CommandRegistry.run(["preview", "down", "octo"], in: terminal.context(environment: environment)) == .usage)
        #expect(await CommandRegistry.run(["preview", "list"], in: terminal.context(environment: environment)) == .done)
        #expect(terminal.error.contains("no previews"))
    }
}
