import Text

/// Commands the repository's own CI runs already. They come after `.fettle.yml` and before Makefile, scripts and convention.
enum ExistingCI {
    static func apply(_ jobs: [CIJob], to model: inout RepositoryModel, _ context: DetectionContext) {
        guard !jobs.isEmpty else { return }
        for index in model.components.indices {
            let component = model.components[index]
            let here = (0...2).flatMap { rank in jobs.filter { self.rank($0.path) == rank } }.flatMap(\.commands).filter {
                $0.folder == component.path && isPlain($0.line) && starts($0.line, component.packageManager.value)
            }
            let found = model.components[index].commands(.lint)
            for purpose in [ComponentCommand.Purpose.test, .lint, .typecheck] {
                apply(here, purpose, to: &model.components[index], context)
            }
            addLints(here, found, jobs.flatMap(\.commands), to: &model.components[index], context)
            ActionCommands.apply(jobs, to: &model.components[index], context)
            CIVersions.apply(jobs, to: &model.components[index])
            let lines = Set(here.map(\.because))
            let own = jobs.map { job in job.commands.filter { lines.contains($0.because) } }
            let test = model.components[index].commands(.test).first
            let place = own.firstIndex { $0.contains { $0.because == test?.because } }
            if let place { installs(own[place], to: &model.components[index]) }
            checkInstalls(own, to: &model.components[index])
            guard let place, let test else {
                TestPreparations.takePackages(
                    (0...1).flatMap { rank in jobs.filter { self.rank($0.path) == rank } }, for: &model.components[index])
                continue
            }
            // What is done for one day, system or purpose is no preparation of every change's tests.
            if rank(jobs[place].path) == 2 { continue }
            OwnBuild.apply(jobs[place], before: test, to: &model.components[index])
            TestPreparations.apply(jobs[place], before: test, to: &model.components[index], context)
            CIServers.apply(jobs[place], of: test, to: &model.components[index])
        }
    }

    /// Files whose names say that they test every change come before others, and before those for one day, system or purpose.
    private static func rank(_ path: String) -> Int {
        let words = DetectionContext.name(of: path).lowercased().split { "-_. ".contains($0) }.dropLast().map(String.init)
        let aside: Set<String> = [
            "nightly", "windows", "win", "mingw", "msvc", "macos", "freebsd", "solaris", "android", "ios", "mac", "osx", "coverage",
            "bench", "benchmark", "release", "doc", "docs", "compat",
            "integration",
            "endian",
            "wasm", "fuzz", "e2e", "database", "databases", "migrations", "schedule", "cron", "deploy", "publish", "docker", "canary",
            "example", "examples", "lint", "linting", "rubocop", "rubocops", "style",
        ]
        let usual: Set<String> = ["ci", "continuous", "test", "tests", "testing", "unit", "main", "build", "check", "checks", "verify"]
        return aside.isDisjoint(with: words) || words.contains("continuous") ? usual.isDisjoint(with: words) ? 1 : 0 : 2
    }

    /// What a command must begin with to run with the tools our job sets up.
    static func starts(_ line: String, _ manager: PackageManager) -> Bool {
        let word = String(line.prefix { $0 != " " })
        switch manager {
        case .npm: return ["npm", "npx", "node"].contains(word)
        case .pnpm: return word == "pnpm"
        case .yarnClassic, .yarnBerry: return word == "yarn"
        case .bun: return ["bun", "bunx"].contains(word)
        case .deno: return word == "deno"
        case .pip: return ["python", "python3", "pip", "pip3", "pytest", "make", "mypy", "ruff", "flake8", "black", "hatch"].contains(word)
        case .poetry, .uv, .pipenv, .pdm: return [manager.rawValue, "make"].contains(word)
        case .go: return ["go", "make"].contains(word)
        case .cargo: return ["cargo", "make"].contains(word)
        case .maven: return ["mvn", "./mvnw"].contains(word)
        case .gradle: return ["gradle", "./gradlew"].contains(word)
        case .bundler: return ["bundle", "bin/rails", "bin/rake", "./bin/rails", "./bin/rake", "make"].contains(word)
        case .composer:
            return ["composer", "php", "make"].contains(word) || word.hasPrefix("vendor/bin/") || word.hasPrefix("./vendor/bin/")
        case .nuget: return word == "dotnet"
        case .swiftpm: return ["swift", "make"].contains(word)
        case .mix: return word == "mix"
        case .cmake, .meson, .autotools, .make: return ["make", "ctest", "meson", "ninja"].contains(word)
        case .none: return false
        }
    }

    /// One plain command: nothing with variables, pipes or substitution is taken over. Quotes come in pairs.
    static func isPlain(_ line: String) -> Bool {
        let quotes = [UInt8(ascii: "'"), UInt8(ascii: "\"")]
        guard quotes.allSatisfy({ quote in line.utf8.lazy.filter { $0 == quote }.count.isMultiple(of: 2) }) else { return false }
        return line.utf8.count <= 200
            && line.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || " -_./:=,@+[]'\"".utf8.contains(byte)
            }
    }

    private static let words: [ComponentCommand.Purpose: [String]] = [
        .test: ["test", "tests", "pytest", "check", "rspec", "phpunit", "pest", "verify", "ctest", "unittest", "rake"],
        .lint: [
            "lint", "eslint", "clippy", "fmt", "vet", "rubocop", "flake8", "ruff", "format", "phpcs", "black", "isort", "pylint",
            "prettier",
            "biome", "codespell", "stylelint",
        ],
        .typecheck: ["mypy", "pyright", "basedpyright", "pyrefly", "typecheck", "type-check", "phpstan", "tsc", "types"],
    ]

    /// Words a test runs that is no unit test of every change.
    private static let special = [
        "e2e", "integration", "coverage", "browser", "install", "publish", "release", "docker", "bench", "deploy", "upload", "--version",
        "linting", "Rake::", "Integration", " update", " dlx ", "start-server", ":assemble",
    ]

    static func serves(_ line: String, _ purpose: ComponentCommand.Purpose) -> Bool {
        // What an option is called says nothing of the command; only Node.js has its test runner behind one.
        let named = line.split(separator: " ").filter { !$0.hasPrefix("-") || $0 == "--test" && line.hasPrefix("node ") }
        let parts = named.flatMap { $0.split { ":=./-".contains($0) } }.map(String.init)
        // Measuring makes tests no others; PHP measures with an extension that the job does not have.
        let measures = { (word: Substring) in word.hasPrefix("-") && word.holds("cov") }
        let subject = line.contains("phpunit") ? line : line.split(separator: " ").filter { !measures($0) }.joined(separator: " ")
        guard words[purpose]?.contains(where: parts.contains) ?? false,
            !special.contains(where: subject.contains)
        else { return false }
        if purpose == .test, !others.isDisjoint(with: parts) { return false }
        // `cargo fmt --check` and `npm run lint:test` are no tests.
        let lints = words[.lint] ?? []
        return purpose != .test || !lints.contains(where: parts.contains) && !(words[.typecheck] ?? []).contains(where: parts.contains)
    }

    /// Words of checks that are no tests, whatever else stands beside them.
    private static let others: Set<String> = [
        "static", "analyse", "analyze", "analysis", "prettier", "style", "spelling", "licenses", "deps",
    ]

    private static func apply(
        _ commands: [CICommand], _ purpose: ComponentCommand.Purpose, to component: inout Component, _ context: DetectionContext
    ) {
        guard component.traits["fixed-\(purpose.rawValue)"] == nil else { return }
        var taken: ComponentCommand?
        let manager = component.packageManager.value
        var serving = commands.filter { serves($0.line, purpose) && OwnBuild.has($0.line, component, context) }
        if purpose == .test {
            // A part of the tests is taken only where nothing says how all are run.
            let whole = serving.filter { TestScope.of($0.line, manager) == .whole }
            let part = component.commands(.test).isEmpty ? serving.filter { TestScope.of($0.line, manager) == .part } : []
            serving = whole.isEmpty ? part : whole
        }
        // Of one file's steps those with a condition are for some turns of its matrix.
        let file = serving.first?.because.path
        serving =
            serving.filter { $0.because.path == file && !$0.isConditional } + serving.filter { $0.because.path != file || $0.isConditional }
        let candidates = serving.filter { command in
            // What an earlier step of theirs installed, ours has not.
            let usable = TaskRunners.usable(ComponentCommand(purpose, command.line, command.because), of: &component, context)
            if taken == nil { taken = usable }
            return usable != nil
        }
        guard let first = candidates.first, let taken else { return }
        // A task runner beside it may still say how all are run.
        if purpose != .test || TestScope.of(first.line, manager) == .whole { component.traits["ci-\(purpose.rawValue)"] = "yes" }
        // Where the CI runs what we found ourselves, it only confirms.
        if let index = component.commands.firstIndex(where: { command in
            command.purpose == purpose && candidates.contains { $0.line == command.line }
        }) {
            let line = component.commands[index].line
            component.commands[index].because = candidates.first { $0.line == line }?.because ?? first.because
            return
        }
        component.commands.removeAll { $0.purpose == purpose }
        component.commands.append(taken)
    }

    private static let mostLints = 4

    /// The first lint of theirs is seldom all: further tools of the same file, and those of ours that they call in words of their own.
    ///
    /// - Parameters:
    ///   - found: what the manifest implied before their CI was read
    ///   - all: every line they run, whatever it is written with
    private static func addLints(
        _ commands: [CICommand], _ found: [ComponentCommand], _ all: [CICommand], to component: inout Component, _ context: DetectionContext
    ) {
        guard component.traits["ci-lint"] != nil, component.traits["fixed-lint"] == nil,
            let path = component.commands(.lint).first?.because.path
        else { return }
        var tools = Set(component.commands(.lint).map { tool($0.line) })
        for command in commands where command.because.path == path && tools.count < mostLints && serves(command.line, .lint) {
            // What is written for another system or part needs what our job has not.
            if ["--target", "--manifest-path", "--directory", "+nightly"].contains(where: command.line.contains) { continue }
            // It mends or prepares, and checks nothing.
            let words = command.line.split { " :-".contains($0) }
            if ["fix", "write", "sync", "build", "add"].contains(where: words.contains) { continue }
            guard tools.insert(tool(command.line)).inserted,
                let usable = TaskRunners.usable(ComponentCommand(.lint, command.line, command.because), of: &component, context)
            else { continue }
            component.commands.append(usable)
        }
        for command in found where !tools.contains(tool(command.line)) && all.contains(where: { $0.line.contains(tool(command.line)) }) {
            tools.insert(tool(command.line))
            component.commands.append(command)
        }
    }

    /// `cargo clippy`, `npm run lint`, `python -m black`: what a line calls, without what it tells it.
    private static func tool(_ line: String) -> String {
        let words = line.split(separator: " ")
        let isCall = words.count > 2 && ["run", "exec", "-m"].contains(words[1])
        return words.prefix(isCall ? 3 : 2).joined(separator: " ")
    }

    /// pip has many ways, so the job that runs the tests shows which one is meant.
    private static func installs(_ commands: [CICommand], to component: inout Component) {
        guard component.packageManager.value == .pip, component.traits["fixed-install"] == nil else { return }
        let lines = commands.filter { isInstall($0.line) }
        guard !lines.isEmpty else { return }
        component.commands.removeAll { $0.purpose == .install }
        component.commands += lines.map { ComponentCommand(.install, quoted($0.line), $0.because) }
    }

    /// What a check's own job installs before it, beside what the tests need.
    ///
    /// - Parameter jobs: the commands of each job that are this component's.
    private static func checkInstalls(_ jobs: [[CICommand]], to component: inout Component) {
        guard component.packageManager.value == .pip else { return }
        let known = Set(component.commands(.install).map(\.line))
        for index in component.commands.indices where [.lint, .typecheck].contains(component.commands[index].purpose) {
            guard let job = jobs.first(where: { $0.contains { $0.because == component.commands[index].because } }) else { continue }
            let lines = job.filter { isInstall($0.line) }.map { quoted($0.line) }
            component.commands[index].tools = lines.filter { !known.contains($0) } + component.commands[index].tools
        }
    }

    /// `.[test]` is a pattern to a shell unless it is quoted.
    private static func quoted(_ line: String) -> String {
        guard line.contains("["), !line.contains("'"), !line.contains("\"") else { return line }
        return line.split(separator: " ").map { $0.contains("[") ? "'\($0)'" : String($0) }.joined(separator: " ")
    }

    /// Upgrading the tools themselves installs nothing of the project.
    private static func isInstall(_ line: String) -> Bool {
        let heads = ["pip install ", "pip3 install ", "python -m pip install ", "python3 -m pip install "]
        guard let head = heads.first(where: line.hasPrefix) else { return false }
        let words = line.dropFirst(head.count).split(separator: " ").filter { !$0.hasPrefix("-") || $0 == "-e" || $0 == "-r" }
        return words.contains { !["pip", "setuptools", "wheel", "build", "twine"].contains(PythonPackages.name(of: $0)) }
    }
}
