import Generators
import Testing
import Text
import WorkflowLint

@Suite struct GenerationTests {
    static let node = RepositorySnapshot([
        "package.json":
            #"{"name": "x", "private": true, "scripts": {"lint": "eslint .", "test": "node --test"}, "devDependencies": {"eslint": "9"}}"#,
        "package-lock.json": "{}", ".nvmrc": "22\n", "index.js": "",
    ])

    private func workflow(_ repository: RepositorySnapshot) throws -> String {
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        return try #require(plan.files.first { $0.path == ".github/workflows/ci.yml" }).text
    }

    @Test func `a generated workflow has no finding of our own linter`() throws {
        let text = try workflow(Self.node)
        #expect(WorkflowLinter.lint(Array(text.utf8), path: ".github/workflows/ci.yml") == [])
    }

    @Test func `every command carries the file and line it was read from`() throws {
        let model = Detection.model(of: Self.node)
        let commands = try #require(model.components.first).commands
        #expect(commands.map(\.line) == ["npm ci", "npm run lint", "npm test"])
        #expect(commands.map(\.because.description) == ["package-lock.json:1", "package.json:1", "package.json:1"])
        #expect(model.components.first?.version == Sourced("22", Evidence(".nvmrc", 1)))
    }

    @Test func `the same repository gives the same bytes, and a second run changes nothing`() throws {
        let first = try workflow(Self.node)
        #expect(try workflow(Self.node) == first)
        let written = RepositorySnapshot([
            "package.json": Self.text("package.json"), "package-lock.json": "{}", ".nvmrc": "22\n", "index.js": "",
            ".github/workflows/ci.yml": first,
        ])
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: written), in: written)
        #expect(plan.files.map(\.state) == [.unchanged])
    }

    private static func text(_ path: String) -> String { String(decoding: node.bytes(of: path) ?? [], as: UTF8.self) }

    private func regenerate(_ edited: String, nvmrc: String = "22\n") -> GenerationPlan {
        let repository = RepositorySnapshot([
            "package.json": Self.text("package.json"), "package-lock.json": "{}", ".nvmrc": nvmrc, "index.js": "",
            ".github/workflows/ci.yml": edited,
        ])
        return GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
    }

    @Test func `what stands outside our blocks survives and what we own is renewed`() throws {
        let own = "  mine:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n"
        let text = try workflow(Self.node)
        let plan = regenerate("# my note\n" + text.replacing("timeout-minutes: 20", with: "timeout-minutes: 20") + own)
        let file = try #require(plan.files.first)
        #expect(file.text.hasPrefix("# my note\n") && file.text.hasSuffix(own))
        #expect(plan.notes.isEmpty)
    }

    @Test func `a block changed by hand is kept and said so`() throws {
        let edited = try workflow(Self.node).replacing("timeout-minutes: 20", with: "timeout-minutes: 99")
        let plan = regenerate(edited)
        #expect(plan.files.first?.text.contains("timeout-minutes: 99") == true)
        #expect(plan.notes.contains { $0.contains("'test' was changed by hand") })
    }

    @Test func `a workflow somebody else wrote is left alone`() throws {
        let plan = regenerate("name: mine\non: push\njobs: {}\n")
        #expect(plan.files.map(\.path) == [".github/workflows/fettle-ci.yml"])
    }

    @Test(arguments: [
        (["package.json": "{}", "package-lock.json": "", "yarn.lock": "# yarn lockfile v1\n"], "package_manager"),
        (["package.json": "{}", ".nvmrc": "18", ".node-version": "22"], "version"),
        (["pyproject.toml": "[project]\nname = 'x'\n", "uv.lock": "", "poetry.lock": ""], "package_manager"),
        (["Gemfile": "ruby '3.2'\n", ".ruby-version": "3.4.1\n"], "version"),
    ])
    func `evidence that says two things is a conflict`(files: [String: String], field: String) {
        let model = Detection.model(of: RepositorySnapshot(files))
        #expect(model.conflicts.map(\.field) == [field])
        #expect(model.conflicts.allSatisfy { $0.evidence.count >= 2 })
    }

    @Test(arguments: [
        ["package.json": #"{"scripts": {"test": "x"}, "engines": {"node": "${{ github.event.issue.title }}"}}"#, "a.js": ""],
        ["package.json": #"{"scripts": {"test": "x"}}"#, ".nvmrc": "22\n        run: evil\n", "a.js": ""],
        [".fettle.yml": "generate: {commands: {test: 'echo ${{ secrets.X }}'}}", "go.mod": "module x\n", "x.go": ""],
        ["go.mod": "module x\ngo 1.22 # ${{ github.actor }}\n", "x.go": ""],
        ["a ${{ x }}/go.mod": "module x\n", "a ${{ x }}/x.go": ""],
    ])
    func `text of a repository never becomes an expression`(files: [String: String]) {
        let repository = RepositorySnapshot(files)
        for kind in GenerationPlan.Kind.allCases {
            for file in GenerationPlan.make(kind, for: Detection.model(of: repository), in: repository).files {
                #expect(!["issue.title", "secrets.X", "github.actor", "evil", "${{ x"].contains { file.text.contains($0) }, "\(file.text)")
            }
        }
    }

    @Test func `broken manifests are evidence of nothing and never a trap`() {
        let names = [
            "package.json", "pyproject.toml", "Cargo.toml", "go.mod", "composer.json", "pom.xml", "Pipfile", "deno.json", "compose.yaml",
            "global.json", "mix.exs", "Gemfile", "Package.swift", "setup.cfg", ".travis.yml",
        ]
        let texts = [
            "", "{", "[[[[", "= = =", "\"\"\"", "a: &a [*a]", "\u{0}\u{1}", "[tool.poetry.dependencies]\npython = {",
            "{\"scripts\": [1], \"engines\": 3, \"packageManager\": \"@@\"}", String(repeating: "[", count: 5_000),
        ]
        for text in texts {
            let repository = RepositorySnapshot(Dictionary(names.map { ($0, text) }, uniquingKeysWith: { a, _ in a }))
            for kind in GenerationPlan.Kind.allCases { _ = GenerationPlan.make(kind, for: Detection.model(of: repository), in: repository) }
        }
        let empty = RepositorySnapshot([:])
        #expect(Detection.model(of: empty).components.isEmpty)
        #expect(!GenerationPlan.make(.workflow, for: Detection.model(of: empty), in: empty).notes.isEmpty)
    }

    @Test func `a diff shows what would change`() {
        #expect(LineDiff.unified("a\nb\nc\n", "a\nx\nc\n", path: "f") == "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n")
        #expect(LineDiff.unified("a\n", "a\n", path: "f").isEmpty)
    }
}
