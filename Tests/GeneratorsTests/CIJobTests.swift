import Generators
import Testing
import Text
import WorkflowLint

/// What the repository's own CI does for its tests is done in the generated job too: servers, settings, preparations, versions, linters.
@Suite struct CIJobTests {
    private func model(_ files: [String: String]) -> RepositoryModel { Detection.model(of: RepositorySnapshot(files)) }

    private func component(_ files: [String: String]) throws -> Component { try #require(model(files).components.first) }

    private func workflow(_ files: [String: String]) throws -> String {
        let repository = RepositorySnapshot(files)
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        let text = try #require(plan.files.first { $0.path.hasSuffix("ci.yml") }).text
        #expect(WorkflowLinter.lint(Array(text.utf8), path: ".github/workflows/ci.yml") == [])
        return text
    }

    private func place(_ text: String, of part: String) throws -> Int {
        text.distance(from: text.startIndex, to: try #require(text.ranges(of: part).first, "\(part) in \(text)").lowerBound)
    }

    private static let poetry = [
        "pyproject.toml":
            "[tool.poetry]\nname = 'x'\n[tool.poetry.dependencies]\npython = '^3.9'\n[tool.poetry.group.dev.dependencies]\npytest = '*'\n",
        "poetry.lock": "", "app/main.py": "", "tests/test_a.py": "",
        ".github/workflows/tests.yml": """
        on: [push]
        jobs:
          test:
            runs-on: ubuntu-latest
            strategy:
              matrix:
                python-version: [3.9]
            services:
              postgres:
                image: postgres:11.5-alpine
                env:
                  POSTGRES_PASSWORD: postgres
                ports:
                  - 5432:5432
                options: --health-cmd pg_isready
            steps:
              - uses: actions/setup-python@v4
                with:
                  python-version: ${{ matrix.python-version }}
              - run: poetry install --no-interaction
              - name: Run tests
                env:
                  SECRET_KEY: secret_key
                  TOKEN: ${{ secrets.TOKEN }}
                  DATABASE_URL: postgresql://postgres:postgres@localhost/postgres
                run: |
                  poetry run alembic upgrade head
                  poetry run pytest
        """,
    ]

    @Test func `a migration that CI runs before its tests is run before ours, once the server of that job answers`() throws {
        let text = try workflow(Self.poetry)
        let start = try place(text, of: "up --detach --wait postgres")
        let migration = try place(text, of: "run: poetry run alembic upgrade head")
        #expect(start < migration)
        #expect(try migration < place(text, of: "run: poetry run pytest"))
        #expect(try place(text, of: "run: poetry install") < start)
        #expect(text.contains("# because: .github/workflows/tests.yml:27"))
        #expect(text.contains(#"image: "postgres:11.5-alpine", environment: {POSTGRES_PASSWORD: "postgres"}, ports: ["5432:5432"]"#))
        #expect(text.contains("healthcheck: {test: [CMD, pg_isready, -h, 127.0.0.1]"))
    }

    @Test func `what the tests are told in CI they are told here, without what only CI's own expressions give`() throws {
        let text = try workflow(Self.poetry)
        #expect(text.contains("DATABASE_URL: postgresql://postgres:postgres@localhost/postgres"))
        #expect(text.contains("SECRET_KEY: secret_key") && !text.contains("TOKEN"))
    }

    @Test func `the version that CI or the image runs decides where the manifest names a range`() throws {
        let component = try component(Self.poetry)
        #expect(component.version == Sourced("3.9", Evidence(".github/workflows/tests.yml", 19)))
        var files = Self.poetry
        files[".github/workflows/tests.yml"] = nil
        files["Dockerfile"] = "ARG PYTHON=3.10\nFROM python:${PYTHON}-slim\n"
        #expect(try self.component(files).version == Sourced("3.10", Evidence("Dockerfile", 2)))
        #expect(try workflow(files).contains("python-version: '3.10'"))
        files["Dockerfile"] = "FROM python:3.7-slim\n"
        #expect(try self.component(files).version?.value == "^3.9", "the manifest does not allow it")
        files[".python-version"] = "3.12\n"
        #expect(try self.component(files).version == Sourced("3.12", Evidence(".python-version", 1)))
    }

    private func job(_ steps: [String], _ more: String = "") -> String {
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n\(more)    steps:\n" + steps.map { "      - \($0)\n" }.joined()
    }

    @Test(arguments: [
        (
            ["Gemfile": "", "bin/rails": "", "test/a_test.rb": "", "app/a.rb": ""], "./bin/rails db:schema:load db:migrate",
            "bin/rails test"
        ),
        (["Gemfile": "", "Rakefile": "task default: :spec\n", "a.rb": ""], "bundle exec rake db:create db:migrate", "bundle exec rake"),
        (["mix.exs": "", "lib/a.ex": ""], "mix ecto.setup", "mix test"),
        (
            ["composer.json": #"{"type": "project", "scripts": {"test": "x"}}"#, "artisan": "", "app/A.php": ""],
            "php artisan migrate --force", "composer test"
        ),
        (
            ["package.json": #"{"private": true, "scripts": {"test": "x"}}"#, "package-lock.json": "{}", "a.js": ""],
            "npx prisma migrate deploy", "npm test"
        ),
        (
            ["package.json": #"{"private": true, "scripts": {"test": "x", "db:migrate": "y"}}"#, "pnpm-lock.yaml": "", "a.js": ""],
            "pnpm db:migrate", "pnpm test"
        ),
        (["requirements.txt": "django\n", "manage.py": "", "x.py": ""], "python manage.py migrate", "python manage.py test"),
        (["Cargo.toml": "[package]\nname = 'x'\n", "src/main.rs": ""], "cargo install sqlx-cli --locked", "cargo test"),
    ])
    func `each language's own preparation of its tests is known`(files: [String: String], preparation: String, test: String) throws {
        let component = try component(files.merging([".github/workflows/t.yml": job(["run: \(preparation)", "run: \(test)"])]) { $1 })
        #expect(component.commands(.prepare) == [ComponentCommand(.prepare, preparation, Evidence(".github/workflows/t.yml", 6))])
        #expect(component.commands(.test).map(\.line) == [test])
    }

    @Test(arguments: [
        "run: npm run deploy", "run: npx prisma studio", "run: curl https://example.org/x", "run: npx prisma migrate deploy && rm -rf x",
        "run: npm run build:docs", "run: cp .env.example .env", "run: cp ../x y", "run: npm run db:drop",
        "{if: always(), run: npx prisma db push}",
    ])
    func `what is no known and plain preparation stays out`(step: String) throws {
        let files = [
            "package.json": #"{"private": true, "scripts": {"test": "x", "deploy": "y", "build:docs": "z", "db:drop": "q"}}"#,
            "package-lock.json": "{}", "a.js": "", ".github/workflows/t.yml": job([step, "run: npm test"]),
        ]
        #expect(try component(files).commands.map(\.line) == ["npm ci", "npm test"])
    }

    @Test func `settings are copied from a file that is there, and libraries of the system come first`() throws {
        let files = [
            "package.json": #"{"private": true, "scripts": {"test": "x"}}"#, "package-lock.json": "{}", "a.js": "", ".env.ci": "A=1\n",
            ".github/workflows/t.yml": job(["run: sudo apt install -y libvips", "run: cp .env.ci .env", "run: npm test"]),
        ]
        #expect(
            try component(files).commands(.install).map(\.line) == ["sudo apt-get install -y libvips", "npm ci", "cp .env.ci .env"])
        let old = files.merging([".github/workflows/t.yml": files[".github/workflows/t.yml"]?.replacing("latest", with: "18.04") ?? ""]) {
            $1
        }
        #expect(try !workflow(old).contains("libvips"))
    }

    @Test func `all of a folder is copied, and a task of Rake that makes tables is no test`() throws {
        let files = [
            "Gemfile": "", "Rakefile": "", "a.rb": "", "spec/a_spec.rb": "", ".rspec": "", ".github/check/a.yml": "",
            ".github/workflows/t.yml": job([
                "run: cp .github/check/* config/", "run: cp missing/* config/", "run: bundle exec rake db:create db:migrate",
                "run: bundle exec rake",
            ]),
        ]
        let component = try component(files)
        #expect(component.commands(.test).map(\.line) == ["bundle exec rake"])
        #expect(component.commands(.prepare).map(\.line) == ["bundle exec rake db:create db:migrate"])
        #expect(component.commands(.install).map(\.line) == ["bundle install", "cp .github/check/* config/"])
    }

    @Test func `a server with a name of its own in a job's container is reached at the runner's address`() throws {
        let more =
            "    container: node:20\n    env:\n      REDIS_URL: redis://cache:6379/0\n    services:\n      cache:\n        image: redis:7\n"
        let files = [
            "package.json": #"{"private": true, "scripts": {"test": "x"}}"#, "package-lock.json": "{}", "a.js": "",
            ".github/workflows/t.yml": job(["run: npm test"], more),
        ]
        #expect(try workflow(files).contains("REDIS_URL: redis://127.0.0.1:6379/0"))
    }

    @Test func `of jobs that run the same tests the one for every change is followed`() throws {
        let server = { (name: String) in "    services:\n      \(name):\n        image: redis:7\n" }
        let files = [
            "package.json": #"{"private": true, "scripts": {"test": "x"}}"#, "package-lock.json": "{}", "a.js": "",
            ".github/workflows/databases.yml": job(["run: npm test"], server("one")),
            ".github/workflows/tests.yml": job(["run: npm test"], server("two") + "      three:\n        image: redis:6\n"),
        ]
        let component = try component(files)
        #expect(component.commands(.test).first?.because.path == ".github/workflows/tests.yml")
        #expect(component.services.map(\.name) == ["two"], "two servers cannot have one port")
    }

    @Test func `a C project is built with the libraries that its CI installs, also over several lines`() throws {
        let steps = [
            "run: |\n          sudo apt-get update -q\n          sudo apt-get install --no-install-recommends \\\n            libncurses-dev \\\n            libevent-dev",
            "run: ./configure && make", "run: make install",
        ]
        let files = ["configure.ac": "", "a.c": "", ".github/workflows/ci.yml": job(steps)]
        let component = try component(files)
        #expect(
            component.commands(.install).map(\.line) == [
                "sudo apt-get update -q", "sudo apt-get install --no-install-recommends libncurses-dev libevent-dev --yes",
            ])
        #expect(component.commands(.install).last?.because == Evidence(".github/workflows/ci.yml", 8))
        let text = try workflow(files)
        #expect(try place(text, of: "libevent-dev --yes") < place(text, of: "run: ./configure"))
    }

    @Test func `tests of .NET that build nothing come with the build they run on`() throws {
        let files = ["x.sln": "", "src/X/X.csproj": "<TargetFramework>net10.0</TargetFramework>\n"]
        let test = "run: dotnet test --no-build --configuration Release"
        let whole = ["run: dotnet build --no-restore --configuration Release", test]
        let component = try component(files.merging([".github/workflows/ci.yml": job(whole)]) { $1 })
        #expect(component.commands(.build).map(\.line) == ["dotnet build --no-restore --configuration Release"])
        #expect(component.commands(.test).map(\.line) == ["dotnet test --no-build --configuration Release"])
        let alone = try self.component(files.merging([".github/workflows/ci.yml": job([test])]) { $1 })
        #expect(alone.commands(.test).map(\.line) == ["dotnet test --configuration Release"])
    }

    @Test(arguments: ["ctest --test-dir out", "make test", "ctest", "make -C bld test"])
    func `tests that run in a folder which our job does not build in are not taken`(line: String) throws {
        let files = ["CMakeLists.txt": "project(x)\nenable_testing()\n", "a.cpp": "", ".github/workflows/ci.yml": job(["run: \(line)"])]
        #expect(try component(files).commands(.test).map(\.line) == ["ctest --test-dir build --output-on-failure"])
    }

    @Test(arguments: [
        (["Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": ""], "cargo test --locked --test one -- --ignored", "cargo test"),
        (["Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": ""], "cargo test --no-run", "cargo test"),
        (["Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": ""], "cargo hack check --all", "cargo test"),
        (["build.gradle": "", "gradlew": "", "A.java": ""], "./gradlew check -x test", "./gradlew check"),
        (["composer.json": "{}", "phpunit.xml": "", "a.php": ""], "composer check-static", "vendor/bin/phpunit"),
        (
            ["package.json": #"{"scripts": {"test": "x"}}"#, "pnpm-lock.yaml": "", "a.js": ""],
            "pnpm dlx start-server-and-test x", "pnpm test"
        ),
    ])
    func `a part of the tests, or another check, is not taken for the tests`(files: [String: String], line: String, test: String) throws {
        let component = try component(files.merging([".github/workflows/t.yml": job(["run: \(line)"])]) { $1 })
        #expect(component.commands(.test).map { $0.line.hasPrefix(test) && $0.because.path != ".github/workflows/t.yml" } == [true])
    }

    @Test func `the test runner of Node.js is known by its option`() throws {
        let files = [
            "package.json": #"{"private": true, "scripts": {"start": "node a.js"}}"#, "package-lock.json": "{}", "a.js": "",
            ".github/workflows/t.yml": job(["run: node --test all.js"]),
        ]
        #expect(try component(files).commands(.test).map(\.line) == ["node --test all.js"])
    }

    // MARK: Linters that are actions

    private static let go = ["go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n"]

    @Test func `a linter that CI runs as an action is run by its version`() throws {
        let lint = "uses: golangci/golangci-lint-action@v9\n        with:\n          version: v2.11\n          args: --verbose"
        let makefile = "lint:\n\t@hash golint || go get -u golang.org/x/lint/golint\n\tgolint ./...\n"
        let files = Self.go.merging(["Makefile": makefile, ".github/workflows/t.yml": job([lint, "run: go test ./..."])]) { $1 }
        let command = try #require(try component(files).commands(.lint).first)
        #expect(command.line == "golangci-lint run --verbose" && command.because == Evidence(".github/workflows/t.yml", 6))
        #expect(command.tools == ["GOTOOLCHAIN=auto go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.11"])
        #expect(try !workflow(files).contains("make lint"))
    }

    @Test func `a recipe that fetches its tool by go get has it installed`() throws {
        let makefile = "lint:\n\t@hash golint || go get -u golang.org/x/lint/golint\n\tgolint ./...\n"
        let command = try #require(try component(Self.go.merging(["Makefile": makefile]) { $1 }).commands(.lint).first)
        #expect(command.line == "make lint" && command.tools.contains { $0.contains("go install golang.org/x/lint/golint@") })
    }

    @Test(arguments: [
        (
            ["setup.py": "", "x.py": ""], "uses: psf/black@stable\n        with: {version: 24.1.0}",
            "pipx run black==24.1.0 --check --diff ."
        ),
        (["pyproject.toml": "[project]\nname='x'\n", "uv.lock": "", "x.py": ""], "uses: astral-sh/ruff-action@v3", "uvx ruff@"),
        (["setup.py": "", "x.py": ""], "uses: pre-commit/action@v3.0.1", "pipx run pre-commit=="),
        (
            ["package.json": #"{"scripts": {"test": "x"}, "devDependencies": {"@biomejs/biome": "2"}}"#, "pnpm-lock.yaml": "", "a.js": ""],
            "uses: biomejs/setup-biome@v2", "pnpm exec biome ci ."
        ),
        (
            ["Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": ""], "uses: actions-rs/clippy-check@v1\n        with: {args: --all}",
            "cargo clippy --all"
        ),
        (["Gemfile": "gem 'rubocop'\n", "a.rb": ""], "uses: reviewdog/action-rubocop@v2", "bundle exec rubocop"),
    ])
    func `known linter actions are evidence for a lint command`(files: [String: String], step: String, command: String) throws {
        let component = try component(files.merging([".github/workflows/t.yml": job([step])]) { $1 })
        #expect(
            component.commands(.lint).count == 1 && component.commands(.lint).first?.line.hasPrefix(command) == true,
            "\(component.commands)")
        #expect(component.commands(.lint).first?.because == Evidence(".github/workflows/t.yml", 6))
    }

    // MARK: Compose files that cannot come up

    private static let compose =
        "services:\n  app:\n    build: .\n    env_file: .env\n    environment:\n      DB_HOST: db\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: p\n"
    private static let application = Self.go.merging(["main.go": "package main\n", "compose.yaml": Self.compose]) { $1 }

    @Test func `a settings file that compose reads is copied from the example beside it before servers come up`() throws {
        let text = try workflow(Self.application.merging([".env.example": "A=1\n"]) { $1 })
        #expect(try place(text, of: "run: cp .env.example .env") < place(text, of: "docker compose --file compose.yaml"))
        #expect(text.contains("# because: .env.example"))
        let part = [
            "backend/go.mod": "module x\n", "backend/main.go": "package main\n", ".env.sample": "",
            "compose.yaml": Self.compose.replacing("build: .", with: "build: ./backend"),
        ]
        #expect(try workflow(part).contains("run: cp ../.env.sample ../.env"))
    }

    @Test func `without an example the server comes up by itself, and a note says what compose lacks`() throws {
        let repository = RepositorySnapshot(Self.application)
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        #expect(
            plan.notes.contains { $0.contains("(compose.yaml:4)") && $0.contains("reads .env, which is not in the repository") },
            "\(plan.notes)")
        let text = try workflow(Self.application)
        #expect(!text.contains("--file compose.yaml") && text.contains(#"image: "postgres:17", environment: {POSTGRES_PASSWORD: "p"}"#))
        #expect(text.contains("DB_HOST: '127.0.0.1'"))
    }

    @Test func `what an example sets need not be set otherwise, and folders are mounted like files`() throws {
        let compose =
            "services:\n  db:\n    image: mariadb:11\n    environment:\n      MARIADB_ROOT_PASSWORD: ${DB_PASSWORD}\n    volumes:\n      - ./dev/init.db:/docker-entrypoint-initdb.d\n      - ./vendor/x/y.sh:/y.sh\n"
        let files = Self.go.merging(["compose.yaml": compose, ".env.example": "DB_PASSWORD=\n", "dev/init.db/a.sql": ""]) { $1 }
        let component = try component(files)
        #expect(component.leftOut.isEmpty && component.services.map(\.file) == ["compose.yaml"])
        #expect(component.commands(.install).map(\.line) == ["cp .env.example .env"])
        let unset = Self.go.merging(["compose.yaml": compose]) { $1 }
        #expect(try self.component(unset).services.isEmpty && self.component(unset).leftOut.count == 1)
        let free = compose.replacing("    volumes", with: "      MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: 'yes'\n    volumes")
        #expect(try self.component(unset.merging(["compose.yaml": free, "dev/init.db/a.sql": ""]) { $1 }).services.count == 1)
    }

    @Test func `conditions of a Makefile inside a recipe are no programs`() throws {
        let files = Self.go.merging(["Makefile": "lint:\n\tifneq ($(X),)\n\tgo vet ./...\n\tendif\n"]) { $1 }
        #expect(try component(files).commands(.lint).map(\.line) == ["make lint"])
    }

    @Test(arguments: [
        ("env_file: .env", "env_file:\n      - path: .env\n        required: false"),
        ("env_file: .env", "env_file: settings/app.env"),
    ])
    func `what compose does not miss hinders nothing`(old: String, new: String) throws {
        let files = Self.application.merging(["compose.yaml": Self.compose.replacing(old, with: new), "settings/app.env": "A=1\n"]) { $1 }
        #expect(try workflow(files).contains("docker compose --file compose.yaml --file - up --detach --wait db"))
    }

    @Test(arguments: [
        ("volumes:\n      - ./init.sql:/docker-entrypoint-initdb.d/init.sql\n", "mounts ./init.sql"),
        ("env_file: db.env\n", "reads db.env"), ("networks: [outer]\nnetworks:\n  outer:\n    external: true\n", "'outer' of networks"),
    ])
    func `a server that needs what is not there is not brought up from compose`(line: String, reason: String) throws {
        let compose = "services:\n  db:\n    image: postgres:17\n    environment: {POSTGRES_PASSWORD: p}\n    \(line)"
        let repository = RepositorySnapshot(Self.go.merging(["compose.yaml": compose]) { $1 })
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        #expect(plan.notes.contains { $0.contains(reason) }, "\(plan.notes)")
        #expect(plan.files.allSatisfy { !$0.text.contains("--file compose.yaml") })
    }

    @Test func `a server whose compose file does not say when it answers is asked`() throws {
        let files = Self.go.merging(["compose.yaml": "services:\n  db:\n    image: redis:8\n    ports: ['6379:6379']\n"]) { $1 }
        #expect(try workflow(files).contains("healthcheck: {test: [CMD, redis-cli, ping], interval: 2s, retries: 60}"))
        let own = files.merging([
            "compose.yaml": "services:\n  db:\n    image: redis:8\n    ports: ['6379:6379']\n    healthcheck: {test: x}\n"
        ]) { $1 }
        #expect(try workflow(own).contains("run: docker compose up --detach --wait db"))
    }
}
