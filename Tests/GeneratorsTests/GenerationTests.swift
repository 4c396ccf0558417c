import Generators
import Testing
import Text
import WorkflowLint

@Suite struct GenerationTests {
    static let nodeFiles = [
        "package.json":
            #"{"name": "x", "private": true, "scripts": {"lint": "eslint .", "test": "node --test"}, "devDependencies": {"eslint": "9"}}"#,
        "package-lock.json": "{}", ".nvmrc": "22\n", "index.js": "",
    ]
    static let node = RepositorySnapshot(nodeFiles)

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

    @Test func `CI that is there already is named with what it runs and what becomes of it`() {
        let theirs = "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm test\n"
        let files = RepositorySnapshot(
            Self.nodeFiles.merging([".github/workflows/test.yml": theirs, ".travis.yml": "language: node_js\n"]) { $1 })
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: files), in: files)
        #expect(
            plan.notes.contains(
                "CI is here already and stays as it is: .github/workflows/test.yml (1 job on push, pull_request); .travis.yml"))
        #expect(
            plan.notes.contains {
                $0.hasPrefix(".github/workflows/ci.yml runs again what it runs: 'npm test' (.github/workflows/test.yml:6)")
            })
        let alone = Self.node
        #expect(!GenerationPlan.make(.workflow, for: Detection.model(of: alone), in: alone).notes.contains { $0.contains("CI is here") })
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
            "global.json", "mix.exs", "Gemfile", "Package.swift", "setup.cfg", ".travis.yml", "Makefile", "justfile", "Taskfile.yml",
            "tox.ini", "tox.toml", "noxfile.py",
            ".goreleaser.yaml", "composer.lock", "Gemfile.lock", ".env", "gradle/wrapper/gradle-wrapper.properties", "build.gradle",
            "CMakeLists.txt",
            "conanfile.txt", "x.gemspec", "x.csproj", "rust-toolchain.toml", "config/database.yml", "bin/rails", "artisan", ".env.example",
        ]
        let texts = [
            "", "{", "[[[[", "= = =", "\"\"\"", "a: &a [*a]", "\u{0}\u{1}", "[tool.poetry.dependencies]\npython = {",
            "{\"scripts\": [1], \"engines\": 3, \"packageManager\": \"@@\"}", String(repeating: "[", count: 5_000),
            "lint:\n\tfind . -exec\n\txargs\n\tmake\n\t$(\n\t`\n\t'\n\t$(shell\ntest: $(A\n\t@-+\n.DEFAULT:\n\tcd && $(MAKE) -C $@ in\n",
            "A = $(A)$(A)$(A)\nlint: $(A)\n\t$(A) $(A)\n", "lint:\n\t" + String(repeating: "$(", count: 3_000),
            "lint:\n" + String(repeating: "\ta \\\n", count: 1_000),
            "required_ruby_version = ", "distributionUrl=gradle-99999999999999999999", "<java.version>99999999999999999999</java.version>",
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

@Suite struct DetectionTests {
    private func component(_ files: [String: String]) throws -> Component {
        try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
    }

    @Test(arguments: [
        (
            ["package.json": #"{"packageManager": "pnpm@9.1.0"}"#, "pnpm-lock.yaml": "", "a.js": ""], PackageManager.pnpm,
            "pnpm install --frozen-lockfile"
        ),
        (["package.json": "{}", "yarn.lock": "__metadata:\n"], .yarnBerry, "yarn install --immutable"),
        (["package.json": "{}", "yarn.lock": "# yarn lockfile v1\n"], .yarnClassic, "yarn install --frozen-lockfile"),
        (["package.json": "{}", "bun.lock": ""], .bun, "bun install --frozen-lockfile"),
        (["pyproject.toml": "[project]\nname = 'x'\n", "uv.lock": ""], .uv, "uv sync --locked"),
        (["pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.11'\n"], .poetry, "poetry install --no-interaction"),
        (["Pipfile": "", "Pipfile.lock": ""], .pipenv, "pipenv sync --dev"),
        (["requirements.txt": "x\n"], .pip, "python -m pip install -r requirements.txt"),
        (["Cargo.toml": "[package]\nname = 'x'\n", "Cargo.lock": ""], .cargo, "cargo fetch --locked"),
        (["go.mod": "module x\n", "go.sum": ""], .go, "go mod download"),
        (["Gemfile": ""], .bundler, "bundle install"),
        (["composer.json": "{}"], .composer, "composer install --no-interaction --prefer-dist"),
        (["x.csproj": ""], .nuget, "dotnet restore"), (["mix.exs": ""], .mix, "mix deps.get"),
        (["deno.json": "{}", "deno.lock": ""], .deno, "deno install --frozen"),
    ])
    func `a package manager is known by its files and installs its own way`(
        files: [String: String], manager: PackageManager, install: String
    ) throws {
        let component = try component(files)
        #expect(component.packageManager.value == manager)
        #expect(component.commands(.install).map(\.line) == [install])
    }

    @Test func `what people wrote down for people comes before what the manifest implies`() throws {
        let files = ["go.mod": "module x\n", "x.go": "", "Makefile": "build:\n\ttrue\n\ntest: build\n\tgo test -race ./...\n"]
        #expect(try component(files).commands(.test) == [ComponentCommand(.test, "make test", Evidence("Makefile", 4))])
        let containers = files.merging(["Makefile": "test:\n\tdocker run x\n"]) { $1 }
        #expect(try component(containers).commands(.test).map(\.line) == ["go test ./..."])
        let owner = files.merging([".fettle.yml": "generate:\n  commands:\n    test: go test -short ./...\n"]) { $1 }
        #expect(try component(owner).commands(.test) == [ComponentCommand(.test, "go test -short ./...", Evidence(".fettle.yml", 3))])
    }

    @Test func `parts of a monorepo are components, samples and tools are not`() {
        let files = [
            "frontend/package.json": #"{"scripts": {"test": "x"}}"#, "frontend/a.ts": "", "backend/go.mod": "module x\n",
            "examples/a/Cargo.toml": "[package]\n",
            "tools/requirements.txt": "", "docs/package.json": "{}",
        ]
        let model = Detection.model(of: RepositorySnapshot(files))
        #expect(model.components.map(\.path) == ["backend", "frontend"])
        #expect(model.components.map(\.name) == ["backend", "frontend"])
    }

    @Test func `what a part of the product has is named by its whole path`() throws {
        let files = [
            "backend/go.mod": "module x\n", "backend/cmd/api/main.go": "package main\n", "web/package.json": #"{"scripts": {"test": "x"}}"#,
            "web/a.ts": "",
        ]
        let backend = try #require(Detection.model(of: RepositorySnapshot(files)).components.first { $0.path == "backend" })
        #expect(backend.role == Sourced(.application, Evidence("backend/cmd/api/main.go")))
        #expect(backend.traits["main"] == "./cmd/api")
    }

    @Test func `servers of the compose file that are pulled are started for the tests`() throws {
        let compose = "services:\n  db:\n    image: postgres:17\n  app:\n    build: .\n  'x; rm':\n    image: redis\n"
        let component = try component(["go.mod": "module x\n", "x.go": "", "compose.yaml": compose])
        #expect(component.services.map(\.name) == ["db"])
        #expect(component.services.first?.because == Evidence("compose.yaml", 3))
    }

    @Test(arguments: [(">=3.11", "3.11", 4), (">=3.9,<3.12", "3.10", 2), ("^3.12", "3.12", 3)])
    func `a library is tested with every living version its bounds allow`(bounds: String, first: String, count: Int) throws {
        let files = ["pyproject.toml": "[build-system]\n\n[project]\nname = 'x'\nrequires-python = '\(bounds)'\n", "x.py": ""]
        let matrix = try #require(try component(files).matrix)
        #expect(matrix.value.first == first && matrix.value.count == count)
        #expect(matrix.because == Evidence("pyproject.toml", 5))
    }
}
