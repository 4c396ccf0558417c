import Text

/// What existing CI does before its tests, in the same job and as they need it: settings copied, tables made, code generated, libraries installed.
///
/// Only steps of known kinds, plain and without a condition, are taken over.
enum TestPreparations {
    static func apply(_ job: CIJob, before test: ComponentCommand, to component: inout Component, _ context: DetectionContext) {
        guard let end = job.commands.firstIndex(where: { $0.because == test.because }), component.traits["fixed-prepare"] == nil else {
            return
        }
        var packages: [ComponentCommand] = []
        for command in job.commands[..<end] where !command.isConditional && isPlain(command.line) {
            if isSystemPackages(command.line) {
                packages.append(ComponentCommand(.install, unattended(command.line), command.because))
                continue
            }
            guard command.folder == component.path, let purpose = purpose(of: command.line, component, context),
                !component.commands.contains(where: { sameWords($0.line, command.line) })
            else { continue }
            // What it does itself comes in the place of what is usual.
            if purpose == .prepare { component.commands.removeAll { $0.purpose == .prepare && $0.because.path != job.path } }
            component.commands.append(ComponentCommand(purpose, command.line, command.because))
        }
        // Packages of the language may be compiled with them.
        if packages.contains(where: { $0.line.contains(" install ") }), isOnOurSystem(job) {
            component.commands.insert(contentsOf: packages, at: 0)
        }
    }

    /// Of copies the shell may fill in the names.
    private static func isPlain(_ line: String) -> Bool {
        ExistingCI.isPlain(line.hasPrefix("cp ") ? line.replacingAll("*", with: "_") : line)
    }

    /// `./bin/rails x --quiet` is `bin/rails x`.
    private static func sameWords(_ a: String, _ b: String) -> Bool { plainWords(a) == plainWords(b) }

    private static func plainWords(_ line: String) -> [Substring] {
        line.replacingFirst("./", "").split(separator: " ").filter { !$0.hasPrefix("-") }
    }

    // MARK: Packages of the system

    /// Libraries that a C project is built with, where no job of CI shows what its tests need.
    ///
    /// - Parameter jobs: those for every change first.
    static func takePackages(_ jobs: [CIJob], for component: inout Component) {
        guard [.c, .cpp].contains(component.language.value), component.packageManager.value != .none,
            !component.commands(.install).contains(where: { isSystemPackages($0.line) })
        else {
            return
        }
        let builds = ["make", "cmake", "meson", "ninja", "./configure", "./autogen.sh", "./bootstrap", "autoreconf"]
        for job in jobs where isOnOurSystem(job) {
            guard
                let end = job.commands.firstIndex(where: { command in
                    builds.contains { command.line == $0 || command.line.hasPrefix($0 + " ") }
                })
            else { continue }
            let lines = job.commands[..<end].filter { !$0.isConditional && isPlain($0.line) && isSystemPackages($0.line) }
            guard lines.contains(where: { $0.line.contains(" install ") }) else { continue }
            component.commands.insert(
                contentsOf: lines.map { ComponentCommand(.install, unattended($0.line), $0.because) }, at: component.commands.startIndex)
            return
        }
    }

    /// Names of packages change from release to release.
    private static func isOnOurSystem(_ job: CIJob) -> Bool {
        ["ubuntu-latest", "ubuntu-22.04", "ubuntu-24.04"].contains(job.runner) && !job.isContainer
    }

    private static func isSystemPackages(_ line: String) -> Bool {
        let words = line.split(separator: " ").drop { $0 == "sudo" }
        guard let program = words.first, ["apt-get", "apt"].contains(program) else { return false }
        let task = words.dropFirst().first { !$0.hasPrefix("-") }
        return task == "update" || task == "install"
    }

    /// `apt` warns scripts that its words may change; nobody is there to say yes.
    private static func unattended(_ line: String) -> String {
        let words = line.split(separator: " ").map(String.init).map { $0 == "apt" ? "apt-get" : $0 }
        let root = words.first == "sudo" ? words : ["sudo"] + words
        let isInstall =
            root.contains("install") && !root.contains { $0 == "--yes" || $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("y") }
        return (isInstall ? root + ["--yes"] : root).joined(separator: " ")
    }

    // MARK: Steps of known kinds

    /// `nil` when the line is of no known kind, or begins with what the job does not have.
    static func purpose(of line: String, _ component: Component, _ context: DetectionContext) -> ComponentCommand.Purpose? {
        var words = line.split(separator: " ").map(String.init)[...]
        if let first = words.first, ["cp", "mkdir", "touch"].contains(first) {
            return isOfFiles(words, component, context) ? .install : nil
        }
        guard ExistingCI.starts(line, component.packageManager.value) || isOfRunner(words.first ?? "", component) else { return nil }
        words = behindRunner(words)
        guard let program = words.first.map({ DetectionContext.name(of: $0) }) else { return nil }
        let rest = words.dropFirst()
        let task = rest.first ?? ""
        switch program {
        case "alembic": return task == "upgrade" ? .prepare : nil
        case "manage.py": return ["migrate", "collectstatic", "compilemessages", "createcachetable"].contains(task) ? .prepare : nil
        case "setup.py": return task == "build_ext" ? .prepare : nil
        case "rails", "rake":
            let tasks = rest.filter { !$0.hasPrefix("-") && !$0.contains("=") }
            let isKnown = { (task: String) in
                task.hasPrefix("db:") || ["assets:precompile", "css:build", "javascript:build"].contains(task)
            }
            return !tasks.isEmpty && tasks.allSatisfy(isKnown) ? .prepare : nil
        case "artisan":
            let isKnown =
                task.hasPrefix("migrate") || ["key:generate", "storage:link", "db:seed", "passport:keys", "jwt:secret"].contains(task)
            return isKnown ? .prepare : nil
        case "prisma":
            let isKnown =
                task == "generate" || task == "migrate" || task == "db" && ["push", "seed"].contains(rest.dropFirst().first ?? "")
            return isKnown ? .prepare : nil
        case "drizzle-kit": return ["push", "migrate", "generate"].contains(task) ? .prepare : nil
        case "knex", "typeorm", "sequelize", "sequelize-cli", "mikro-orm":
            return task.contains("migrat") || task.hasPrefix("db:") ? .prepare : nil
        case "playwright": return task == "install" ? .prepare : nil
        case "mix": return task.hasPrefix("ecto.") || task.hasPrefix("assets.") ? .prepare : nil
        case "sqlx", "diesel": return ["database", "migrate", "migration", "setup"].contains(task) ? .prepare : nil
        case "cargo": return task == "install" && rest.contains(where: { ["sqlx-cli", "diesel_cli"].contains($0) }) ? .prepare : nil
        case "flyway", "dbmate": return nil
        case "go": return task == "generate" ? .prepare : nil
        default: return isScript(program, rest, component, context) ? .prepare : nil
        }
    }

    /// Programs that a migration tool of the project's own packages, or an earlier step, brings.
    private static func isOfRunner(_ word: String, _ component: Component) -> Bool {
        switch component.packageManager.value {
        case .pip: word == "alembic"
        case .cargo: ["sqlx", "diesel"].contains(word) && component.commands.contains { $0.line.hasPrefix("cargo install ") }
        case .pnpm, .yarnClassic, .yarnBerry: word == "npx"
        default: false
        }
    }

    /// Without the words through which a package manager runs a program of the project.
    private static func behindRunner(_ words: ArraySlice<String>) -> ArraySlice<String> {
        let runners = [
            ["poetry", "run"], ["uv", "run"], ["pdm", "run"], ["pipenv", "run"], ["bundle", "exec"], ["pnpm", "exec"], ["pnpm", "dlx"],
            ["npm", "exec"], ["yarn", "run"], ["npx"], ["bunx"], ["pnpm"], ["yarn"], ["php"], ["python"], ["python3"], ["go", "run"],
        ]
        var words = words
        for runner in runners where words.starts(with: runner) && words.count > runner.count {
            words = words.dropFirst(runner.count).drop { $0 == "--" || $0 == "--yes" || $0 == "-y" }
            // `poetry run python manage.py`
            if let next = words.first, ["python", "python3", "php"].contains(next), !["python", "python3", "php"].contains(runner[0]) {
                words = words.dropFirst()
            }
            break
        }
        return words
    }

    /// A script of `package.json` that builds or migrates, by its name, and is not what the job runs already.
    private static func isScript(_ program: String, _ rest: ArraySlice<String>, _ component: Component, _ context: DetectionContext) -> Bool
    {
        guard component.language.value == .node else { return false }
        let words = [program] + rest
        let name =
            ["npm", "bun"].contains(program)
            ? (words.count == 3 && words[1] == "run" ? words[2] : nil)
            : words.count == 1 ? program : words.count == 2 && words[0] == "run" ? words[1] : nil
        guard let name, context.tree(component.file("package.json"))?[path: "scripts", name] != nil else { return false }
        let parts = name.split { ":-_.".contains($0) }.map(String.init)
        let known: Set<String> = ["build", "compile", "codegen", "generate", "migrate", "migrations", "migration", "prisma", "db"]
        let others: Set<String> = [
            "watch", "dev", "docs", "docker", "release", "publish", "storybook", "drop", "rollback", "undo", "studio", "image",
        ]
        guard let first = parts.first, known.contains(first) || parts.contains("migrate"), others.isDisjoint(with: parts) else {
            return false
        }
        return !component.commands(.build).contains { $0.line.split(separator: " ").last == name[...] }
    }

    /// Files of the repository put where the tests look for them; nothing outside of it.
    private static func isOfFiles(_ words: ArraySlice<String>, _ component: Component, _ context: DetectionContext) -> Bool {
        let paths = words.dropFirst().filter { !$0.hasPrefix("-") }.map { $0.replacingFirst("./", "") }
        guard !paths.isEmpty, paths.allSatisfy({ SafeText.path($0.replacingAll("*", with: "_")) }) else { return false }
        if words.first == "mkdir" { return words.contains("-p") }
        guard words.first == "cp" else { return true }
        guard paths.count == 2, let source = paths.first else { return false }
        let path = context.join(component.path, source)
        guard source.contains("*") else { return context.has(path) }
        // All of a folder, into one that is there.
        return source.hasSuffix("/*") && !context.entries(of: String(path.dropLast(2))).isEmpty && paths[1].hasSuffix("/")
    }
}
