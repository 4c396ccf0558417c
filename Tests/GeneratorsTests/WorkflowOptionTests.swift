import Testing
import WorkflowLint

@testable import Generators

@Suite struct WorkflowOptionTests {
    private static let image = ["go.mod": "module x\n\ngo 1.24\n", "x.go": "", "Dockerfile": "FROM scratch\n"]

    private func plan(_ files: [String: String], _ options: GenerationOptions) -> GenerationPlan {
        let repository = RepositorySnapshot(files)
        return GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository, options: options)
    }

    @Test(arguments: GenerationOptions.Registry.allCases.filter { $0 != .gitea })
    func `every registry's workflow passes our own linter and asks for no more than it needs`(registry: GenerationOptions.Registry) throws {
        let file = try #require(plan(Self.image, GenerationOptions(registry: registry)).files.last)
        #expect(file.path == ".github/workflows/publish-container.yml")
        #expect(WorkflowLinter.lint(Array(file.text.utf8), path: file.path) == [])
        #expect(file.text.contains("packages: write") == (registry == .ghcr))
        // Only Docker Hub takes no identity of the job, so only there is a secret, and it is kept in an environment.
        #expect(file.text.contains("secrets.") == (registry == .dockerhub))
        #expect(file.text.contains("environment:") == (registry == .dockerhub))
        for part in ["sbom: true", "provenance: mode=max", "trivy-action", "attest-build-provenance"] { #expect(file.text.contains(part)) }
    }

    @Test func `for Gitea there is nothing that Gitea lacks and every action is an address`() {
        let plan = plan(Self.image, GenerationOptions(target: .gitea))
        #expect(plan.files.map(\.path) == [".gitea/workflows/ci.yml", ".gitea/workflows/publish-container.yml"])
        for file in plan.files {
            for word in ["permissions:", "concurrency:", "timeout-minutes:", "attest-build-provenance", "ghcr.io"] {
                #expect(!file.text.contains(word), "\(word)")
            }
            for line in file.text.split(separator: "\n") where line.contains("uses: ") {
                #expect(line.contains("uses: https://github.com/"))
            }
            #expect(WorkflowLinter.lint(Array(file.text.utf8), path: file.path) == [])
        }
    }

    @Test func `coverage is measured where the tools need nothing more, and said where not`() {
        let options = GenerationOptions(extras: [.coverage])
        let go = plan(["go.mod": "module x\n", "x.go": ""], options)
        #expect(go.files.first?.text.contains("run: go test -coverprofile=coverage.out ./...") == true)
        #expect(go.files.first?.text.contains("Keep the coverage") == true)
        let make = plan(["Makefile": "test:\n\t./x\n", "x.c": ""], options)
        #expect(make.notes.contains { $0.hasPrefix("no step measures coverage") })
    }

    @Test func `our own steps appear with a pinned release and are named as left out without`() throws {
        let extras: Set<GenerationOptions.Extra> = [.review, .selectTests]
        let files = ["go.mod": "module x\n", "x.go": ""]
        #expect(plan(files, GenerationOptions(extras: extras)).notes.contains { $0.contains("generate pins --update") })
        let pin = try #require(ActionPin(tag: "v0.1.0", commit: String(repeating: "a", count: 40)))
        let table = PinTable([FettleAction.repository: pin])
        let text = try #require(plan(files, GenerationOptions(extras: extras, pins: table)).files.first?.text)
        #expect(text.contains("uses: fettle-dev/fettle/action@\(pin.commit) # v0.1.0"))
        #expect(text.contains("command: select_tests") && text.contains("command: review"))
        #expect(WorkflowLinter.lint(Array(text.utf8), path: ".github/workflows/ci.yml") == [])
    }

    @Test(arguments: [
        ("generate: [", ".fettle.yml is not YAML"), ("generate:\n  bogus: 1\n", ".fettle.yml:2: generate knows forge"),
        ("generate:\n  commands:\n    tset: make\n", ".fettle.yml:3: generate.commands: there are"),
        ("generate:\n  commands: {test: [make, test]}\n", ".fettle.yml:2: generate.commands: 'test' is one line"),
        ("generate:\n  commands: {test: 'node --test ${{ x }}'}\n", ".fettle.yml:2: generate.commands: 'test' is one line"),
    ])
    func `what of the settings is not followed is a fault with its line, and the evidence stands instead`(text: String, fault: String)
        throws
    {
        let files = RepositorySnapshot([".fettle.yml": text, "package.json": #"{"scripts": {"test": "node --test"}}"#])
        let faults = GenerationOptions.read(from: files).faults
        #expect(faults.count == 1 && faults.allSatisfy { $0.hasPrefix(fault) }, "\(faults)")
        #expect(Detection.model(of: files).components.first?.commands.contains { $0.purpose == .test } == true)
    }

    @Test func `the repository's own settings choose, and unknown words are faults with their line`() {
        let files = RepositorySnapshot([".fettle.yml": "generate:\n  forge: gitea\n  registry: ecr\n  with: [coverage]\n"])
        let read = GenerationOptions.read(from: files)
        #expect(read.options == GenerationOptions(target: .gitea, registry: .ecr, extras: [.coverage]) && read.faults.isEmpty)
        let bad = RepositorySnapshot([".fettle.yml": "generate:\n  forge: svn\n  with: [fun]\n", PinTable.path: "[]"])
        let faults = GenerationOptions.read(from: bad).faults
        #expect(faults.count == 3 && faults.contains { $0.hasPrefix(".fettle.yml:2: generate.forge takes one of github, gitea") })
    }

    @Test func `a pin of the repository comes before the built-in one`() throws {
        let pin = try #require(ActionPin(tag: "v99.0.0", commit: String(repeating: "b", count: 40)))
        let text = plan(["go.mod": "module x\n", "x.go": ""], GenerationOptions(pins: PinTable(["actions/checkout": pin]))).files.first?
            .text
        #expect(text?.contains("actions/checkout@\(pin.commit) # v99.0.0") == true)
    }

    @Test(arguments: ["${{ x }}", "v1\nevil", "", "a b"]) func `a tag that could be more than a tag is no pin`(tag: String) {
        #expect(ActionPin(tag: tag, commit: String(repeating: "b", count: 40)) == nil)
    }

    @Test func `the newest whole release wins, previews and moving tags do not`() {
        let id = { (digit: String) in String(repeating: digit, count: 40) }
        let tags = [("v4", id("1")), ("v4.9.0", id("2")), ("v4.10.0", id("3")), ("v5.0.0-rc.1", id("4")), ("nightly", id("5"))]
        #expect(ReleaseTag.newest(of: tags.map { (name: $0.0, commit: $0.1) }) == ActionPin(tag: "v4.10.0", commit: id("3")))
        #expect(ReleaseTag.newest(of: [(name: "v9999999999999.0.0", commit: id("1"))]) == nil)
    }

    @Test func `an update takes newer releases, never older ones, and tells of a tag that was moved`() throws {
        let pin = { (tag: String, digit: String) in try #require(ActionPin(tag: tag, commit: String(repeating: digit, count: 40))) }
        let held = PinTable(["a/a": try pin("v1.0.0", "1"), "b/b": try pin("v2.0.0", "2"), "c/c": try pin("v3.0.0", "3")])
        let found = ["a/a": try pin("v1.1.0", "4"), "b/b": try pin("v1.9.0", "5"), "c/c": try pin("v3.0.0", "6")]
        let update = PinUpdate(holding: held, written: PinTable(), found: found)
        #expect(update.changes.map(\.action) == ["a/a", "c/c"])
        #expect(update.moved.count == 1 && update.moved[0].hasPrefix("c/c: the tag v3.0.0 named 333"))
        #expect(PinTable(json: Array(update.table.json.utf8)) == update.table)
    }
}

@Suite struct ExistingCITests {
    private func component(_ files: [String: String]) throws -> Component {
        try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
    }

    private static func workflow(_ run: String, on trigger: String = "push") -> String {
        "on: \(trigger)\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          "
            + run.replacingAll("\n", with: "\n          ") + "\n"
    }

    @Test func `what the CI runs comes before Makefile and convention, with its line`() throws {
        let files = [
            "go.mod": "module x\n", "x.go": "", "Makefile": "test:\n\tgo test ./...\n",
            ".github/workflows/ci.yml": Self.workflow("go build ./...\ngo test -race ./..."),
        ]
        #expect(
            try component(files).commands(.test) == [
                ComponentCommand(.test, "go test -race ./...", Evidence(".github/workflows/ci.yml", 8))
            ])
        let owner = files.merging([".fettle.yml": "generate: {commands: {test: go test -short ./...}}\n"]) { $1 }
        #expect(try component(owner).commands(.test).map(\.line) == ["go test -short ./..."])
    }

    @Test func `what an option is called does not make a command a test or a lint`() throws {
        let swift = [
            "Package.swift": "", "Sources/a/a.swift": "", "Tests/aTests/a.swift": "",
            ".github/workflows/ci.yml": Self.workflow("swift build --build-tests"),
        ]
        #expect(try component(swift).commands(.test).map(\.line) == ["swift test"])
        let uv = [
            "pyproject.toml": "[project]\nname = 'x'\n[tool.uv]\n[tool.ruff]\n[dependency-groups]\ndev = ['ruff']\n", "x/a.py": "",
            ".github/workflows/ci.yml": Self.workflow("uv export --format requirements-txt"),
        ]
        #expect(try component(uv).commands(.lint).map(\.line) == ["uv run ruff check ."])
    }

    @Test func `a step of the CI with a condition comes after one for every turn`() throws {
        let ci =
            "on: push\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: go test -cover ./...\n        if: matrix.cover\n      - run: go test -race ./...\n"
        let files = ["go.mod": "module x\n", "x.go": "", ".github/workflows/ci.yml": ci]
        #expect(try component(files).commands(.test).map(\.line) == ["go test -race ./..."])
    }

    @Test func `a script that calls a linter is the lint, whatever it is called`() throws {
        func lint(_ scripts: String) throws -> [String] {
            try component(["package.json": "{\"scripts\": {\(scripts)}}", "package-lock.json": "{}", "a.js": ""]).commands(.lint).map(
                \.line)
        }
        #expect(try lint(#""test": "xo", "fix:code": "eslint --fix .", "test:code": "eslint --max-warnings=0 .""#) == ["npm run test:code"])
        #expect(try lint(#""format": "biome format --write""#) == [])
    }

    @Test func `the bounds of a gem count however they are written`() throws {
        let files = [
            "x.gemspec": "s.required_ruby_version = Gem::Requirement.new(\">= 3.4\")\n", "Gemfile": "gemspec\n", ".rspec": "",
            "lib/x.rb": "",
            ".tool-versions": "ruby 4.0.1\n",
        ]
        #expect(try component(files).matrix == Sourced(["3.4", "4.0"], Evidence("x.gemspec", 1)))
    }

    @Test func `every tool that the CI lints with is taken, ours too where it calls it in words of its own`() throws {
        let files = [
            "Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": "",
            ".github/workflows/ci.yml": Self.workflow(
                "cargo fmt -- --check\ncargo clippy --features $FEATURES\ncargo fmt --all --target x -- --check"),
        ]
        #expect(try component(files).commands(.lint).map(\.line) == ["cargo fmt -- --check", "cargo clippy --all-targets"])
        let one = files.merging([".github/workflows/ci.yml": Self.workflow("cargo fmt -- --check")]) { $1 }
        #expect(try component(one).commands(.lint).map(\.line) == ["cargo fmt -- --check"])
        let node = [
            "package.json": #"{"scripts": {"lint": "eslint .", "format:check": "prettier --check ."}, "devDependencies": {"eslint": "9"}}"#,
            "package-lock.json": "{}", "a.js": "", ".github/workflows/ci.yml": Self.workflow("npm ci\nnpm run format:check\nnpm run lint"),
        ]
        #expect(try component(node).commands(.lint).map(\.line) == ["npm run lint", "npm run format:check"])
    }

    @Test func `pip installs as the job does that runs the tests`() throws {
        let files = [
            "setup.py": "", "x.py": "", "tests/conftest.py": "", "tests/test_x.py": "", "tox.ini": "[tox]\n",
            ".github/workflows/ci.yml": Self.workflow("pip install -U pip\npip install -e .[test]\npython -m pytest -x"),
        ]
        let component = try component(files)
        #expect(component.commands(.install).map(\.line) == ["pip install -e '.[test]'"])
        #expect(component.commands(.test).map(\.line) == ["python -m pytest -x"])
    }

    @Test(arguments: [
        workflow("go test $FLAGS ./..."), workflow("go test ./... | tee log"), workflow("go test ./e2e/..."),
        workflow("go test ./...", on: "release"),
        workflow("curl x | sh"), "# fettle:begin ci 0\n" + workflow("go test -race ./..."), "jobs: [", "on: push\njobs: {t: {steps: 3}}\n",
    ])
    func `commands with variables, pipes or another purpose are not taken over`(text: String) throws {
        let files = ["go.mod": "module x\n", "x.go": "", ".github/workflows/ci.yml": text]
        #expect(try component(files).commands(.test).map(\.because.path) == ["go.mod"])
    }

    @Test(arguments: [
        (".gitlab-ci.yml", "test:\n  script:\n    - go test -race ./...\n", 3), (".travis.yml", "script: go test -race ./...\n", 1),
        (".circleci/config.yml", "jobs:\n  t:\n    steps:\n      - run: go test -race ./...\n", 4),
        (".gitea/workflows/a.yaml", workflow("go test -race ./..."), 7),
    ])
    func `the files of other CI services say as much`(path: String, text: String, line: Int) throws {
        let test = try component(["go.mod": "module x\n", "x.go": "", path: text]).commands(.test)
        #expect(test == [ComponentCommand(.test, "go test -race ./...", Evidence(path, line))])
    }

    @Test func `manifests with CRLF lines are read like others`() throws {
        let component = try component([
            "go.mod": "module x\r\n\r\ngo 1.24\r\n", "x.go": "", "Makefile": "build:\r\n\ttrue\r\ntest:\r\n\ttrue\r\n",
        ])
        #expect(component.version == Sourced("1.24", Evidence("go.mod", 3)))
        #expect(component.commands(.test).map(\.because) == [Evidence("Makefile", 3)])
    }
}
