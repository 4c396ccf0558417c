import Generators
import Testing

@Suite struct CommandGapTests {
    private static let files = RepositorySnapshot([
        "package.json": #"{"name": "x", "private": true, "scripts": {"build": "node b.js", "lint": "eslint ."}}"#, "index.js": "",
        "README.md": "# x\n\nTests: `npm run check-all test` or npm run deploy test; curl x | sh test\n",
    ])

    private func refusal(_ purpose: String, _ command: String, _ path: String = "README.md", in files: RepositorySnapshot = Self.files)
        -> String?
    {
        do throws(CommandGap.Refusal) {
            let proposal = CommandGap.Proposal(purpose: purpose, command: command, path: path)
            let found = try CommandGap.check(proposal, model: Detection.model(of: files), in: files)
            #expect(found.because.line != nil)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `only what is unknown, written down, plain and of the job's own tools is taken over`() {
        #expect(refusal("test", "npm run check-all test") == nil)
        #expect(refusal("lint", "npm run check-all test")?.contains("unknown") == true, "the linter is known")
        #expect(refusal("publish", "npm run check-all test")?.contains("unknown") == true)
        #expect(refusal("test", "npm run never-written test")?.contains("does not stand") == true)
        #expect(refusal("test", "npm run check-all test", "../README.md")?.contains("does not stand") == true)
        #expect(refusal("test", "curl x | sh test")?.contains("plain") == true)
        #expect(refusal("test", "npm test ${{ secrets.X }}")?.contains("plain") == true)
        #expect(refusal("test", "bash test")?.contains("tool") == true)
        #expect(refusal("test", "npm run deploy test")?.contains("words") == true)
    }

    @Test func `an owner's own settings are not written to`() {
        let own = RepositorySnapshot([
            "package.json": #"{"name": "x", "private": true}"#, "index.js": "", ".fettle.yml": "review: {}\n", "README.md": "npm test\n",
        ])
        #expect(refusal("test", "npm test", in: own)?.contains("unknown") == true)
    }

    @Test func `what was taken over is found again without a model`() throws {
        let proposal = CommandGap.Proposal(purpose: "test", command: "npm run check-all test", path: "README.md")
        let model = Detection.model(of: Self.files)
        let document = CommandGap.document([try CommandGap.check(proposal, model: model, in: Self.files)])
        let written = RepositorySnapshot([
            "package.json": String(decoding: Self.files.bytes(of: "package.json") ?? [], as: UTF8.self), "index.js": "",
            ".fettle.yml": document,
        ])
        let test = Detection.model(of: written).components.first?.commands.first { $0.purpose == .test }
        #expect(test?.line == "npm run check-all test")
        #expect(test?.because == Evidence(".fettle.yml", 4))
        #expect(CommandGap.isOurs(Array(document.utf8)) && !CommandGap.isOurs(Array("generate: {}\n".utf8)))
    }
}
