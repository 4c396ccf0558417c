import Testing
import Text
import WorkflowLint

@testable import Generators

/// A generated step finds what it needs: its tools, its servers, and the version of the language that the repository names.
@Suite struct StepsThatCanRunTests {
    private func plan(_ files: [String: String], _ kind: GenerationPlan.Kind = .workflow) -> GenerationPlan {
        let repository = RepositorySnapshot(files)
        return GenerationPlan.make(kind, for: Detection.model(of: repository), in: repository)
    }

    private func workflow(_ files: [String: String]) throws -> String {
        let text = try #require(plan(files).files.first { $0.path.hasSuffix("/ci.yml") }).text
        #expect(WorkflowLinter.lint(Array(text.utf8), path: ".github/workflows/ci.yml") == [])
        return text
    }

    private func dockerfile(_ files: [String: String]) throws -> String {
        let images = plan(files, .dockerfile).files.filter { $0.path == "Dockerfile" }
        #expect(images.count == 1)
        return try #require(images.first).text
    }

    private func component(_ files: [String: String]) throws -> Component {
        try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
    }

    private func place(_ text: String, of part: String) throws -> Int {
        text.distance(from: text.startIndex, to: try #require(text.firstRange(of: part), "\(part) in \(text)").lowerBound)
    }

    // MARK: Services

    private static let compose = """
        services:
          app:
            build: .
            environment:
              DATABASE_URL: postgresql://u:p@db:5432/u
              DATABASE_TYPE: postgresql
              NODE_ENV: production
              APP_SECRET: ${SECRET}
          db:
            image: postgres:17
        """

    private static let application = [
        "package.json":
            #"{"name": "x", "private": true, "scripts": {"build": "next build", "test": "vitest"}, "dependencies": {"next": "15"}}"#,
        "package-lock.json": "{}", "src/a.ts": "", "compose.yaml": compose,
    ]

    @Test func `servers come up after the packages are installed and before the build`() throws {
        let text = try workflow(Self.application)
        #expect(try place(text, of: "run: npm ci") < place(text, of: "up --detach --wait db"))
        #expect(try place(text, of: "up --detach --wait db") < place(text, of: "run: npm run build"))
    }

    @Test func `what the application is told of its servers is told to the build, with the runner's address`() throws {
        let text = try workflow(Self.application)
        #expect(text.contains("DATABASE_URL: postgresql://u:p@127.0.0.1:5432/u"))
        #expect(text.contains("DATABASE_TYPE: postgresql"))
        #expect(!text.contains("NODE_ENV") && !text.contains("APP_SECRET"))
    }

    @Test func `a server without a published port gets one, so that the job reaches it`() throws {
        #expect(try workflow(Self.application).contains(#"ports: ["5432:5432"]"#))
        let published = Self.application.merging([
            "compose.yaml": Self.compose + "\n    ports:\n      - '${FORWARD:-5432}:5432'\n    healthcheck: {test: pg_isready}\n"
        ]) { $1 }
        #expect(try workflow(published).contains("run: docker compose up --detach --wait db"))
    }

    @Test func `a protocol that is called like a server stays what it is`() throws {
        let compose =
            "services:\n  app:\n    build: .\n    environment:\n      REDIS_URL: redis://redis:6379/0\n  redis:\n    image: redis:8\n"
        #expect(try workflow(Self.application.merging(["compose.yaml": compose]) { $1 }).contains("REDIS_URL: redis://127.0.0.1:6379/0"))
    }

    @Test func `pages beside an application are tested without its servers`() throws {
        let files = Self.php.merging(["phpunit.xml": "", "package.json": #"{"private": true, "scripts": {"test": "jest"}}"#]) { $1 }
        let components = Detection.model(of: RepositorySnapshot(files)).components
        #expect(components.map { "\($0.language.value.rawValue) \($0.services.count)" }.sorted() == ["node 0", "php 1"])
    }

    @Test func `a part of the product finds the servers that its own service in the root's compose file waits for`() throws {
        let compose =
            "services:\n  api:\n    build: ./backend\n    depends_on: [db]\n    environment: [DB_HOST=db]\n  db:\n    image: postgres:17\n    ports: ['5432:5432']\n  cache:\n    image: redis:8\n"
        let files = [
            "compose.yaml": compose, "backend/go.mod": "module x\n", "backend/x.go": "",
            "frontend/package.json": #"{"scripts": {"test": "x"}}"#,
            "frontend/a.ts": "",
        ]
        let components = Detection.model(of: RepositorySnapshot(files)).components
        #expect(components.map(\.path) == ["backend", "frontend"])
        #expect(components.map { $0.services.map(\.name) } == [["db"], []])
        let text = try workflow(files)
        #expect(text.contains("docker compose --file ../compose.yaml --file - up --detach --wait db"))
        #expect(text.contains("DB_HOST: '127.0.0.1'"))
    }

    @Test func `without a setting that Compose requires nothing is started, and no value of a settings file is taken`() throws {
        let compose =
            "services:\n  db:\n    image: postgres:17\n  app:\n    build: .\n    environment:\n      URL: pg://u:${PW:?not set}@db/u\n"
        let files = Self.application.merging(["compose.yaml": compose]) { $1 }
        #expect(try !workflow(files).contains("docker compose"))
        #expect(plan(files).notes.contains { $0.contains("(compose.yaml:7)") && $0.contains("requires PW") }, "\(plan(files).notes)")
        let set = try workflow(files.merging([".env": "PW=secret\n"]) { $1 })
        #expect(set.contains("up --detach --wait db") && !set.contains("secret"))
        #expect(try !workflow(files.merging([".env": "PW=secret\n", ".gitignore": "/.env\n"]) { $1 }).contains("docker compose"))
    }

    // MARK: Tools of recipes

    private static let go = ["go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n"]

    @Test func `a linter that a recipe calls is installed by its version first`() throws {
        let text = try workflow(Self.go.merging(["Makefile": "lint:\n\t@golangci-lint run ./...\n"]) { $1 })
        #expect(text.contains("go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2"))
        #expect(try place(text, of: "golangci-lint@v2") < place(text, of: "run: make lint"))
        let old = Self.go.merging(["Makefile": "lint:\n\tgolangci-lint run\n", ".golangci.yml": "linters:\n  enable: [errcheck]\n"]) { $1 }
        #expect(try workflow(old).contains("golangci-lint/cmd/golangci-lint@v1."))
    }

    @Test(arguments: [
        ("lint:\n\tsupercheck ./...\n", "supercheck"), ("LINT ?= supercheck\nlint:\n\t$(LINT) -x\n", "supercheck"),
        ("lint: style\nstyle:\n\tfind . -name '*.go' | xargs supercheck\n", "supercheck"),
        ("lint:\n\t@which supercheck || exit 1\n\tsupercheck .\n", "supercheck"),
        ("lint:\n\t$(MAKE) deeper\ndeeper:\n\tcd x && supercheck .\n", "supercheck"),
    ])
    func `a recipe whose tool nobody brings is left out, and a note says which tool`(makefile: String, tool: String) throws {
        let files = Self.go.merging(["Makefile": makefile]) { $1 }
        #expect(try !workflow(files).contains("make lint"))
        #expect(try workflow(files).contains("run: go vet ./..."))
        #expect(plan(files).notes.contains { $0.contains("'make lint' (Makefile:") && $0.contains("'\(tool)'") }, "\(plan(files).notes)")
    }

    @Test(arguments: [
        "lint:\n\tgo vet ./...\n\tgofmt -l .\n", "lint:\n\t./scripts/lint.sh\n",
        "lint: bin/supercheck\n\tbin/supercheck .\nbin/supercheck:\n\tgo build -o $@ .\n",
        "lint: tools\n\tsupercheck .\ntools:\n\tgo install example.org/supercheck@v1.0.0\n", "lint:\n\t@for f in a b; do echo $$f; done\n",
        "lint:\n\t@if [ -n \"$$(gofmt -l .)\" ]; then echo bad; exit 1; fi\n",
    ])
    func `a recipe that brings its tools, or needs only the runner's, is taken`(makefile: String) throws {
        #expect(try workflow(Self.go.merging(["Makefile": makefile]) { $1 }).contains("run: make lint"))
    }

    @Test func `variables that name each other without end are given up`() throws {
        let names = (0..<12).map { "V\($0)" }
        let variables = names.enumerated().map { index, name in
            "\(name) = " + String(repeating: "$(\(index + 1 < names.count ? names[index + 1] : "V0"))", count: 100)
        }
        let makefile = variables.joined(separator: "\n") + "\nlint: $(V0)\n\t$(V0)\n"
        // Read to its end, this would be 100 to the twelfth words.
        #expect(try component(Self.go.merging(["Makefile": makefile]) { $1 }).commands(.lint).count == 1)
    }

    @Test func `a recipe that calls what the project's packages bring runs in their environment`() throws {
        let project = "[tool.poetry.dependencies]\npython = '^3.12'\n[tool.poetry.group.dev.dependencies]\nmypy = '*'\npytest = '*'\n"
        let files = [
            "pyproject.toml": project, "Makefile": "test:\n\tpytest -x\ntypecheck:\n\tmypy -p x\nlint:\n\tpoetry run ruff .\n", "x.py": "",
        ]
        let component = try component(files)
        #expect(component.commands(.test).map(\.line) == ["poetry run make test"])
        #expect(component.commands(.typecheck).map(\.line) == ["poetry run make typecheck"])
        #expect(component.commands(.lint).map(\.line) == ["make lint"])
    }

    @Test func `tasks of rake are found where the Rakefile imports them from`() throws {
        let files = [
            "Gemfile": "", "Rakefile": "import \"tasks/testing.rake\"\n", "tasks/testing.rake": "\ntask default: :spec\n", "a.rb": "",
        ]
        #expect(try component(files).commands(.test) == [ComponentCommand(.test, "bundle exec rake", Evidence("tasks/testing.rake", 2))])
    }

    @Test func `a recipe that runs packages of npm has them installed first`() throws {
        let files = Self.go.merging(["Makefile": "lint:\n\tnpx prettier --check .\n", "package-lock.json": "{}"]) { $1 }
        #expect(try component(files).commands(.lint) == [ComponentCommand(.lint, "make lint", Evidence("Makefile", 1), tools: ["npm ci"])])
    }

    @Test func `a script of the pages that needs the other language's packages is not run without them`() throws {
        let files = [
            "composer.json": #"{"type": "project", "require": {"php": "^8.3"}}"#, "composer.lock": "{}", "public/index.php": "<?php\n",
            "phpunit.xml": "",
            "package.json":
                #"{"private": true, "scripts": {"build": "vite build", "test": "php artisan migrate && vendor/bin/phpunit"}}"#,
            "resources/a.js": "", "package-lock.json": "{}",
        ]
        let text = try workflow(files)
        #expect(!text.contains("npm test") && text.contains("vendor/bin/phpunit") && text.contains("npm run build"))
    }

    @Test func `sessions of nox are run by their names, and one that is no test is not taken for one`() throws {
        let file =
            "import nox\n@nox.session(python=['3.12'])\ndef tests(session):\n    pass\n@nox.session(name='lint')\ndef x(session):\n    pass\n"
        let files = ["setup.py": "", "x.py": "", "noxfile.py": file]
        #expect(try component(files).commands(.test) == [ComponentCommand(.test, "nox -s tests", Evidence("noxfile.py", 2))])
        #expect(try component(files).commands(.lint).map(\.line) == ["nox -s lint"])
        let other = files.merging(["noxfile.py": "@nox.session(name=\"update\")\ndef update(session):\n    pass\n"]) { $1 }
        #expect(try component(other).commands(.test) == [])
    }

    @Test func `what a Rails, Laravel or Phoenix application needs before its tests is there`() throws {
        let rails = ["Gemfile": "gem 'rails'\n", "bin/rails": "", "config/database.yml": "", "test/a_test.rb": "", "app/a.rb": ""]
        #expect(try component(rails).commands.map(\.line) == ["bundle install", "bin/rails db:test:prepare", "bin/rails test"])
        let laravel = [
            "composer.json": #"{"type": "project", "scripts": {"test": "phpunit"}}"#, "artisan": "", ".env.example": "APP_KEY=\n",
            "app/A.php": "",
        ]
        let install = try component(laravel).commands(.install).map(\.line)
        #expect(install.suffix(2) == ["cp .env.example .env", "php artisan key:generate"])
        #expect(try workflow(["mix.exs": "[app: :x, deps: [{:phoenix, \"~> 1.7\"}]]\n", "lib/x.ex": ""]).contains("MIX_ENV: test"))
    }

    @Test func `tests that CMake leaves out by default are asked for, and packages come from the manager whose file is there`() throws {
        let cmake = [
            "CMakeLists.txt": "project(x)\noption(X_BUILD_TESTS \"Build tests\" OFF)\noption(X_BUILD_BENCH \"b\" OFF)\nenable_testing()\n",
            "a.cpp": "",
        ]
        let first = try component(cmake).commands(.build).first
        #expect(
            first
                == ComponentCommand(
                    .build, "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DX_BUILD_TESTS=ON", Evidence("CMakeLists.txt", 2)))
        let vcpkg = try component(cmake.merging(["vcpkg.json": "{}"]) { $1 }).commands(.build).first
        #expect(vcpkg?.line.hasSuffix("$VCPKG_INSTALLATION_ROOT/scripts/buildsystems/vcpkg.cmake\"") == true)
        let conan = try component(cmake.merging(["conanfile.txt": "[generators]\nCMakeToolchain\n"]) { $1 })
        #expect(conan.commands(.install).map(\.line).last == "conan install . --build=missing")
        #expect(conan.commands(.test).map(\.line) == ["ctest --preset conan-release --output-on-failure"])
    }

    @Test func `a solution with projects for phones is restored, built and tested by a filter without them, or not at all`() throws {
        let files = [
            "x.slnx": "<Solution>\n<Project Path=\"src/App/App.csproj\" />\n<Project Path=\"src/Web/Web.csproj\" />\n</Solution>\n",
            "src/App/App.csproj": "<Project>\n<TargetFrameworks>net10.0-android;net10.0-ios</TargetFrameworks>\n</Project>\n",
            "src/Web/Web.csproj": "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net10.0</TargetFramework></Project>\n",
        ]
        #expect(try component(files).commands == [])
        #expect(try component(files).leftOut.map(\.line).contains("dotnet restore"))
        #expect(
            plan(files).notes.contains { $0.contains("(src/App/App.csproj:2) is left out: projects for mobile systems") },
            "\(plan(files).notes)")
        let filter = files.merging(["Web.slnf": "{\"solution\": {\"path\": \"x.slnx\", \"projects\": [\"src\\\\Web\\\\Web.csproj\"]}}"]) {
            $1
        }
        let steps = ["dotnet restore Web.slnf", "dotnet build Web.slnf --no-restore", "dotnet test Web.slnf --no-build"]
        #expect(try component(filter).commands.map(\.line) == steps)
        let platform = filter.merging(["global.json": "{\"test\": {\"runner\": \"Microsoft.Testing.Platform\"}}"]) { $1 }
        #expect(try component(platform).commands(.test).map(\.line) == ["dotnet test --solution Web.slnf --no-build"])
        let conditional = files.merging(["src/App/App.csproj": "<UseMaui Condition=\"x\">true</UseMaui>\n"]) { $1 }
        #expect(try component(conditional).commands(.install).map(\.line) == ["dotnet restore"])
    }

    @Test func `what is built and tested is what is restored`() {
        let because = Evidence("a.slnx")
        var component = Component(
            path: "", language: Sourced(.dotnet, because), packageManager: Sourced(.nuget, because), role: Sourced(.library, because))
        component.commands = [
            ComponentCommand(.install, "dotnet restore", because), ComponentCommand(.build, "dotnet build a.slnx --no-restore", because),
            ComponentCommand(.test, "dotnet test a.slnx --no-build", because),
        ]
        var other = component
        other.commands[2].line = "dotnet test b.csproj --no-build"
        DotNetEcosystem.restoreWhatIsBuilt(&component)
        DotNetEcosystem.restoreWhatIsBuilt(&other)
        #expect(component.commands[0].line == "dotnet restore a.slnx" && other.commands[0].line == "dotnet restore")
    }

    @Test func `Elixir and Erlang come from the same line`() throws {
        let files = [
            "mix.exs": "[app: :x, elixir: \"~> 1.18\"]\n", "lib/x.ex": "",
            "Dockerfile":
                "ARG ELIXIR_VERSION=1.20.3\nARG ERLANG_VERSION=29.0.5\nFROM hexpm/elixir:${ELIXIR_VERSION}-erlang-${ERLANG_VERSION}-debian-x AS build\n",
        ]
        let text = try workflow(files)
        #expect(text.contains("elixir-version: '1.20.3'") && text.contains("otp-version: '29.0.5'"), "\(text)")
        let plain = files.merging(["Dockerfile": "FROM hexpm/elixir:1.19.1-erlang-28.1-debian-x\n"]) { $1 }
        let other = try workflow(plain)
        #expect(other.contains("otp-version: '28.1'"), "\(other)")
    }

    @Test(arguments: [
        ("package-lock.json", "ng test", #""karma": "6""#, "npm test -- --watch=false --browsers=ChromeHeadless"),
        ("package-lock.json", "ng test", #""vitest": "4""#, "npm test -- --watch=false"),
        ("pnpm-lock.yaml", "ng test", #""karma": "6""#, "pnpm test --watch=false --browsers=ChromeHeadless"),
        ("package-lock.json", "ng test --watch=false --browsers=Mine", #""karma": "6""#, "npm test"),
        ("package-lock.json", "ng test && echo", #""karma": "6""#, "npm test"), ("package-lock.json", "jest", #""karma": "6""#, "npm test"),
    ])
    func `Angular's tests end by themselves`(lock: String, script: String, dependency: String, line: String) throws {
        let manifest = "{\"private\": true, \"scripts\": {\"test\": \"\(script)\"}, \"devDependencies\": {\(dependency)}}"
        let files = ["package.json": manifest, lock: "", "src/a.ts": ""]
        #expect(try component(files).commands(.test).map(\.line) == [line])
    }

    @Test func `of servers that want the same port one is started`() throws {
        let compose = "services:\n  new:\n    image: postgres:18\n  old:\n    image: postgres:17\n  cache:\n    image: redis:8\n"
        #expect(try component(["go.mod": "module x\n", "x.go": "", "compose.yaml": compose]).services.map(\.name) == ["new", "cache"])
    }

    // MARK: Versions

    @Test(arguments: [
        (Self.go, ["1.24", "oldstable", "stable"], "go.mod:3"),
        (
            ["Cargo.toml": "[package]\nname = 'x'\nrust-version = '1.80'\n", "src/lib.rs": ""], ["1.80", "stable"], "Cargo.toml:3"
        ),
        (
            ["x.gemspec": "s.required_ruby_version = '>= 3.1'\n", "Gemfile": "gemspec\n", "lib/x.rb": "", ".rspec": ""],
            ["3.3", "3.4", "4.0"], "x.gemspec:1"
        ),
        (
            ["pom.xml": "<project>\n<properties><maven.compiler.release>11</maven.compiler.release></properties>\n</project>\n"],
            ["17", "21", "25"], "pom.xml:2"
        ),
    ])
    func `a library is tested with the versions its manifest promises`(files: [String: String], versions: [String], because: String)
        throws
    {
        let matrix = try #require(try component(files).matrix)
        #expect(matrix.value == versions && matrix.because.description == because)
        let text = try workflow(files)
        #expect(text.contains("version: [\(versions.map { "'\($0)'" }.joined(separator: ", "))]"))
        #expect(text.contains("${{ matrix.version }}"))
    }

    @Test func `a module that only has programs is an application, and a package with its place in the index a library`() throws {
        let go = ["go.mod": "module x\n", "api/services/sales/main.go": "package main\n", "business/a.go": ""]
        #expect(try component(go).role == Sourced(.application, Evidence("api/services/sales/main.go")))
        let python = ["pyproject.toml": "[project]\nname = 'x'\nclassifiers = ['License :: OSI Approved']\n", "x.py": ""]
        #expect(try component(python).role == Sourced(.library, Evidence("pyproject.toml", 3)))
    }

    @Test func `a Go program is found whatever its file is called`() throws {
        let role = try component(["go.mod": "module x\n", "exporter.go": "package main\n"]).role
        #expect(role.value == .application && role.because == Evidence("exporter.go"))
    }

    @Test func `a library of Bun is tested once`() throws {
        let files = ["package.json": #"{"main": "a.js", "scripts": {"test": "bun test"}}"#, "bun.lock": "", "a.js": ""]
        #expect(try component(files).role.value == .library && component(files).matrix == nil)
    }

    @Test func `an application is tested with its own version`() throws {
        let files = [
            "pom.xml":
                "<project>\n<properties><java.version>17</java.version></properties>\n<artifactId>spring-boot-maven-plugin</artifactId>\n</project>\n"
        ]
        #expect(try component(files).matrix == nil)
        #expect(try workflow(files).contains("java-version: '17'"))
        #expect(try component(["go.mod": "module x\n\ngo 1.24\n", "main.go": ""]).matrix == nil)
    }

    @Test func `the toolchain a Rust project names is the one that the job installs`() throws {
        let pinned = [
            "Cargo.toml": "[package]\nname = 'x'\nrust-version = '1.70'\n", "rust-toolchain.toml": "[toolchain]\nchannel = '1.85'\n",
            "src/lib.rs": "",
        ]
        #expect(try component(pinned).matrix == nil)
        #expect(try workflow(pinned).contains("rustup toolchain install 1.85"))
        let least = try workflow(["Cargo.toml": "[package]\nname = 'x'\nrust-version = '1.80'\n", "src/lib.rs": ""])
        #expect(least.contains("RUSTUP_TOOLCHAIN: ${{ matrix.version }}"))
        #expect(least.contains(#"rustup toolchain install "$RUSTUP_TOOLCHAIN" --profile minimal"#))
        // The least version is promised for the build; test dependencies may need newer ones.
        #expect(least.contains("if: matrix.version == 'stable'"))
    }

    @Test func `a PHP library is checked with a living version inside its bounds`() throws {
        let files = [
            "composer.json": #"{"require": {"php": ">=7.2 <8.5"}, "scripts": {"lint": "phpcs", "test": "phpunit"}}"#,
            "src/A.php": "<?php\n",
        ]
        let text = try workflow(files)
        #expect(text.contains("version: ['8.2', '8.3', '8.4']") && text.contains("php-version: '8.4'") && !text.contains("'7.2'"))
        let application = [
            "composer.json": #"{"type": "project", "require": {"php": "^7.4|^8.0"}, "scripts": {"test": "phpunit"}}"#,
            "src/A.php": "<?php\n",
        ]
        #expect(try workflow(application).contains("php-version: '8.5'"))
    }

    // MARK: Roles

    @Test(arguments: [
        (
            ["Cargo.toml": "[package]\nname = 'x'\n\n[[bin]]\nname = 'rg'\npath = 'crates/core/main.rs'\n", "crates/core/main.rs": ""],
            "Cargo.toml:4"
        ),
        (["Cargo.toml": "[package]\nname = 'x'\n", "src/bin/tool.rs": ""], "src/bin/tool.rs"),
        (
            [
                "Cargo.toml": "[workspace]\nmembers = ['crates/*']\n", "crates/app/Cargo.toml": "[package]\nname = 'app'\n",
                "crates/app/src/main.rs": "",
            ], "crates/app/src/main.rs"
        ),
        (
            [
                "go.mod": "module x\n", "x.go": "", "examples/base/main.go": "package main\n",
                ".goreleaser.yaml": "builds:\n  - main: ./examples/base\n",
            ], ".goreleaser.yaml:2"
        ),
    ])
    func `what is built into a program is an application`(files: [String: String], because: String) throws {
        let role = try component(files).role
        #expect(role.value == .application && role.because.description == because)
    }

    @Test func `samples do not decide what a solution is, and its tests find the runtimes they target`() throws {
        let files = [
            "x.sln": "", "src/X/X.csproj": "<TargetFrameworks>netstandard2.0;net8.0</TargetFrameworks>\n",
            "samples/Web/Web.csproj": "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n",
            "tests/X.Tests/X.Tests.csproj": "<TargetFrameworks>net6.0;net8.0</TargetFrameworks>\n",
        ]
        #expect(try component(files).role.value == .library)
        #expect(try workflow(files).contains("dotnet-version: |\n            6.0.x\n            8.0.x\n"))
    }

    @Test func `a part of the product is found by any word of its folder's name`() {
        let files = [
            "pyproject.toml": "[project]\nname = 'x'\n", "app.py": "",
            "src-ui/package.json": #"{"private": true, "scripts": {"test": "x"}}"#,
            "src-ui/a.ts": "", "test-server/package.json": #"{"scripts": {"test": "x"}}"#, "test-server/a.js": "",
        ]
        #expect(Detection.model(of: RepositorySnapshot(files)).components.map(\.path) == ["", "src-ui"])
    }

    @Test(arguments: [
        ["Cargo.toml": "[workspace]\nmembers = ['a']\n", "a/Cargo.toml": "", "a/src/lib.rs": "", "test_suite/no_std/src/main.rs": ""],
        ["Cargo.toml": "[workspace]\nmembers = ['a']\n", "a/Cargo.toml": "", "a/src/lib.rs": "", "b/src/main.rs": ""],
        ["build.gradle.kts": "plugins {\n  id(\"com.android.application\") apply false\n}\n", "a/A.kt": ""],
        ["x.sln": "", "toys/S/S.csproj": "Microsoft.NET.Sdk.Web\n", "src/X/X.csproj": ""],
    ])
    func `what serves a project's own development makes it no application`(files: [String: String]) throws {
        #expect(try component(files).role.value == .library)
    }

    @Test func `a program of a module below is not this module's`() throws {
        let files = ["go.mod": "module x\n\ngo 1.24\n", "x.go": "", "cmd/tool/go.mod": "module x/cmd/tool\n", "cmd/tool/main.go": ""]
        #expect(try component(files).role.value == .library)
    }

    @Test func `what a Gemfile only bounds conflicts with no file that names a version`() {
        let files = RepositorySnapshot(["Gemfile": "ruby '>= 3.4.0'\n", ".tool-versions": "ruby 4.0.6\n", "a.rb": ""])
        let model = Detection.model(of: files)
        #expect(model.conflicts.isEmpty && model.components.first?.version?.value == "4.0.6")
    }

    @Test func `members of a workspace are tested where the root has no tests`() throws {
        let files = [
            "pyproject.toml": "[project]\nname = 'x'\n[tool.uv.workspace]\nmembers = ['backend', 'packages/*']\n", "uv.lock": "",
            "a.py": "",
            "backend/pyproject.toml": "[project]\nname = 'b'\n[tool.pytest.ini_options]\n", "backend/app/a.py": "",
            "packages/one/pyproject.toml": "[project]\nname = 'o'\n[dependency-groups]\ndev = ['pytest']\n", "packages/one/o.py": "",
        ]
        let component = try component(files)
        #expect(component.commands(.install).map(\.line) == ["uv sync --locked --all-packages"])
        #expect(component.commands(.test).map(\.line) == ["uv run --directory backend pytest", "uv run --directory packages/one pytest"])
    }

    @Test func `job and image of an application agree on its version`() throws {
        let python = [
            "pyproject.toml": "[project]\nname = 'x'\nrequires-python = '>=3.11'\ndependencies = ['fastapi']\n",
            "app/main.py": "app = FastAPI()\n", "uv.lock": "",
        ]
        #expect(try workflow(python).contains("python-version: '3.11'"))
        #expect(try dockerfile(python).contains("python3.11-bookworm") && dockerfile(python).contains("\"uvicorn\", \"app.main:app\""))
        let node = [
            "package.json":
                #"{"private": true, "engines": {"node": "^20.19.0 || >=22.12.0"}, "scripts": {"start": "node a.js", "test": "x"}}"#,
            "a.js": "",
        ]
        #expect(try workflow(node).contains("node-version: '24'") && dockerfile(node).contains("FROM node:24-"))
    }

    // MARK: Images

    @Test func `a site that is only files is served as files, and a developer's server is no image`() throws {
        let site = [
            "package.json": #"{"scripts": {"build": "eleventy", "start": "npx eleventy --serve"}}"#, "package-lock.json": "{}", "a.js": "",
        ]
        let text = try dockerfile(site)
        #expect(text.contains("COPY --from=build /app/_site /usr/share/nginx/html") && text.contains("HEALTHCHECK"))
        let angular = site.merging(["package.json": #"{"scripts": {"build": "ng build", "start": "ng serve"}}"#]) { $1 }
        #expect(plan(angular, .dockerfile).files.isEmpty)
        let modules = ["pom.xml": "<project>\n<packaging>pom</packaging>\n<a>spring-boot-maven-plugin</a>\n</project>\n"]
        #expect(plan(modules, .dockerfile).files.isEmpty)
    }

    @Test func `a program in src/bin is built by its own name`() throws {
        let files = [
            "Cargo.toml": "[package]\nname = 'x'\n", "Cargo.lock": "", "src/lib.rs": "", "src/bin/tool/main.rs": "",
            "src/bin/tool/app.rs": "",
        ]
        #expect(try component(files).role == Sourced(.application, Evidence("src/bin/tool/main.rs")))
        #expect(try dockerfile(files).contains("--bin tool && mkdir /out && cp target/release/tool /out/app"))
    }

    @Test func `a program that listens to nobody has an image without a port to ask`() throws {
        let tool = ["Cargo.toml": "[package]\nname = 'x'\n", "Cargo.lock": "", "src/main.rs": "fn main() {}\n"]
        let text = try dockerfile(tool)
        #expect(!text.contains("HEALTHCHECK") && !text.contains("EXPOSE") && text.contains("ENTRYPOINT [\"/app\"]"))
        let server = tool.merging(["src/main.rs": "fn main() { std::net::TcpListener::bind(\"0.0.0.0:8080\"); }\n"]) { $1 }
        #expect(try dockerfile(server).contains("HEALTHCHECK"))
        #expect(try dockerfile(["go.mod": "module x\n", "main.go": "package main\n"]).contains("HEALTHCHECK") == false)
        #expect(try dockerfile(["go.mod": "module x\n", "main.go": "http.ListenAndServe(\":1\", nil)\n"]).contains("HEALTHCHECK"))
    }

    @Test func `what was built is started, where a script for it is there`() throws {
        let files = [
            "package.json":
                #"{"private": true, "scripts": {"start": "nest start", "start:prod": "node dist/main", "build": "nest build"}}"#,
            "a.ts": "",
        ]
        #expect(try dockerfile(files).contains("\"dist/main\"]"))
    }

    @Test func `Rails makes its pages in the image, and gems find their libraries`() throws {
        let files = [
            "Gemfile": "gem 'rails'\n", "Gemfile.lock": "GEM\n  specs:\n    pg (1.6.0)\n    rails (8.0.1)\n", "bin/rails": "",
            "app/assets/a.css": "",
            "app/a.rb": "", "test/a.rb": "",
        ]
        let text = try dockerfile(files)
        #expect(text.contains("RUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile") && text.contains("FROM ruby:3.4-bookworm\n"))
    }

    private static let php = [
        "composer.json": #"{"type": "project", "require": {"php": "^8.3", "ext-gd": "*", "ext-json": "*"}}"#,
        "composer.lock":
            #"{"packages": [{"name": "a/b", "require": {"ext-intl": "*", "ext-ctype": "*", "ext-zend-opcache": "*"}}], "packages-dev": [{"require": {"ext-xdebug": "*"}}]}"#,
        "public/index.php": "<?php\n",
        "package.json": #"{"private": true, "scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}"#,
        "package-lock.json": "{}",
        "resources/a.js": "", "compose.yaml": "services:\n  db:\n    image: mariadb:11\n",
    ]

    @Test func `an image of PHP has the extensions that the application and its packages require`() throws {
        let text = try dockerfile(Self.php)
        #expect(text.contains("install-php-extensions gd intl opcache pdo_mysql"))
        #expect(!text.contains("xdebug"))
        #expect(try !dockerfile(["composer.json": #"{"type": "project"}"#, "public/index.php": ""]).contains("install-php-extensions"))
    }

    @Test func `the pages of an application are built in a stage of their own, and there is one image`() throws {
        let text = try dockerfile(Self.php)
        #expect(text.contains("AS assets") && text.contains("npm ci") && text.contains("RUN npm run build"))
        #expect(text.contains("COPY --from=assets --chown=10001:10001 /app/public ./public"))
    }

    // MARK: Checks of tox

    @Test(arguments: [
        [
            "pyproject.toml":
                "[project]\nname = 'x'\n[build-system]\n[tool.tox]\nenv_list = ['py3.13', 'style', 'typing']\n[tool.tox.env.style]\ncommands = [['pre-commit', 'run']]\n[tool.tox.env.typing]\ncommands = [['mypy']]\n"
        ],
        [
            "setup.py": "",
            "tox.ini":
                "[tox]\nenvlist = py,style,typing\n[testenv]\ncommands = pytest\n[testenv:style]\ncommands = pre-commit run\n[testenv:typing]\ncommands = mypy\n",
        ],
    ])
    func `checks that tox knows are run with tox`(files: [String: String]) throws {
        let component = try component(files.merging(["x.py": ""]) { $1 })
        #expect(component.commands(.lint).map(\.line) == ["tox run -e style"])
        #expect(component.commands(.typecheck).map(\.line) == ["tox run -e typing"])
    }

    @Test func `tests of a group that is not installed by itself are run with it`() throws {
        let files = [
            "pyproject.toml":
                "[project]\nname = 'x'\n[dependency-groups]\nlint = ['ruff']\ntests = ['pytest']\n[tool.pytest.ini_options]\n",
            "uv.lock": "",
            "x.py": "",
        ]
        #expect(try component(files).commands(.install).map(\.line) == ["uv sync --locked --group tests"])
        let named = files.merging([
            "pyproject.toml": "[project]\nname = 'x'\n[project.optional-dependencies]\ntest = ['pytest']\n[tool.pytest.ini_options]\n"
        ]) { $1 }
        #expect(try component(named).commands(.install).map(\.line) == ["uv sync --locked --extra test"])
    }

    // MARK: Dependabot

    @Test func `Dependabot looks where there is something to renew, for a reason that is there`() throws {
        let files = Self.go.merging([
            "Dockerfile": "FROM scratch\n", "tests/image/Dockerfile": "FROM scratch\n", "examples/a/Dockerfile": "",
        ]) { $1 }
        let text = try #require(plan(files, .dependabot).files.first).text
        #expect(text.contains("# because: Dockerfile") && !text.contains("tests/image") && !text.contains("examples/a"))
        #expect(text.contains("# because: go.mod, from which .github/workflows/ci.yml is generated"))
        let present = files.merging([".github/workflows/test.yml": "on: push\n"]) { $1 }
        #expect(try #require(plan(present, .dependabot).files.first).text.contains("# because: .github/workflows/test.yml\n"))
    }

    // MARK: Publishing

    @Test(arguments: [GenerationOptions.Target.github, .gitea])
    func `an image is built once, scanned, and only then given its tags`(target: GenerationOptions.Target) throws {
        let repository = RepositorySnapshot(["go.mod": "module x\n", "main.go": "package main\n", "Dockerfile": "FROM scratch\n"])
        let plan = GenerationPlan.make(
            .workflow, for: Detection.model(of: repository), in: repository, options: GenerationOptions(target: target))
        let text = try #require(plan.files.first { $0.path.hasSuffix("publish-container.yml") }).text
        #expect(text.components(of: "build-push-action@") == 1)
        #expect(try place(text, of: "push-by-digest=true") < place(text, of: "trivy-action@"))
        #expect(try place(text, of: "trivy-action@") < place(text, of: "imagetools create"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = String(rest).firstRange(of: part) {
            count += 1
            rest = rest.dropFirst(String(rest).distance(from: String(rest).startIndex, to: range.upperBound))
        }
        return count
    }

    fileprivate func firstRange(of part: String) -> Range<Index>? { self.ranges(of: part).first }
}
