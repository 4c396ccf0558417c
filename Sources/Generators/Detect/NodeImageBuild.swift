import Text

/// How the pages of an image are built: by a script made for it, and never by one that needs a database, which no image build has.
enum NodeImageBuild {
    /// What the image runs, and what a person should know of it.
    struct Choice {
        var lines: [String]
        var note: String?
    }

    private static let named = ["build:docker", "build-docker", "docker:build", "docker-build", "build:image"]

    /// `nil` when the usual build will do.
    static func choice(_ component: Component, _ context: DetectionContext) -> Choice? {
        let manifest = component.file("package.json")
        guard component.language.value == .node, let build = component.commands(.build).first,
            let scripts = context.tree(manifest)?["scripts"]?.mapping
        else { return nil }
        let texts = Dictionary(
            scripts.compactMap { pair in pair.key.text.flatMap { name in pair.value.string.map { (name, $0) } } },
            uniquingKeysWith: { first, _ in first })
        if let pair = scripts.first(where: { named.contains($0.key.text ?? "") && !runsContainers($0.value.string ?? "") }),
            let name = pair.key.text
        {
            let line = NodeEcosystem.run(name, component.packageManager.value)
            return Choice(
                lines: [line], note: "the image is built with '\(line)' (\(manifest):\(pair.key.start.line)), which is made for it")
        }
        let usual = build.line.split(separator: " ").last.map(String.init) ?? ""
        guard let script = texts[usual], let reached = reached(script, texts, depth: 0) else { return nil }
        let warning = "'\(build.line)' (\(build.because)) runs '\(reached)', which needs a database"
        guard let rest = withoutDatabase(script, texts, component.packageManager.value), !rest.isEmpty else {
            return Choice(
                lines: [build.line], note: "\(warning), and the build of an image has none; name a script 'build:docker' that does without")
        }
        return Choice(
            lines: rest, note: "\(warning); the image is built with '\(rest.joined(separator: " && "))' and leaves that to who starts it")
    }

    private static func runsContainers(_ script: String) -> Bool {
        ShellWords.commands(script).contains { words in
            words.contains { ["docker", "docker-compose", "podman", "buildx", "buildah"].contains($0) }
        }
    }

    /// The first command, in this script or one it calls, that talks to a database.
    private static func reached(_ script: String, _ scripts: [String: String], depth: Int) -> String? {
        guard depth < 5, script.utf8.count <= 4_000 else { return nil }
        for words in ShellWords.commands(script) {
            let words = Array(words.drop { $0.contains("=") || ["npx", "cross-env", "dotenv", "--"].contains($0) })
            if isOfDatabase(words) { return words.joined(separator: " ") }
            for name in called(words, scripts) {
                guard let text = scripts[name] else { continue }
                if let command = reached(text, scripts, depth: depth + 1) { return command }
            }
        }
        return nil
    }

    private static func isOfDatabase(_ words: [String]) -> Bool {
        guard let program = words.first else { return false }
        let task = words.dropFirst().first ?? ""
        switch DetectionContext.name(of: program) {
        case "prisma": return task == "migrate" || task == "db"
        case "drizzle-kit": return ["migrate", "push"].contains(task)
        case "knex", "sequelize", "sequelize-cli", "typeorm", "mikro-orm", "payload":
            return task.contains("migrat") || task.hasPrefix("db:")
        case "psql", "mysql", "mongosh", "wait-on", "wait-port": return true
        case "node", "tsx", "ts-node", "bun":
            let parts = DetectionContext.name(of: words.last ?? "").split { "-_.".contains($0) }.map { $0.lowercased() }
            return parts.contains("migrate") || parts.contains("check") && !Set(["db", "database"]).isDisjoint(with: parts)
        default: return false
        }
    }

    /// Scripts that a command runs in turn. Source: docs.npmjs.com/cli/commands/npm-run, github.com/bcomnes/npm-run-all2
    private static func called(_ words: [String], _ scripts: [String: String]) -> [String] {
        guard let program = words.first else { return [] }
        let rest = words.dropFirst().filter { !$0.hasPrefix("-") }
        switch program {
        case "npm-run-all", "run-s", "run-p", "npm-run-all2": return rest.filter { scripts[$0] != nil }
        case "npm", "pnpm", "yarn", "bun":
            let name = rest.first == "run" ? rest.dropFirst().first : program == "npm" ? nil : rest.first
            return name.flatMap { scripts[$0] == nil ? nil : [$0] } ?? []
        default: return []
        }
    }

    /// The steps of a plain chain that do not talk to a database; `nil` when the script is more than a chain.
    private static func withoutDatabase(_ script: String, _ scripts: [String: String], _ manager: PackageManager) -> [String]? {
        var steps: [String] = []
        for part in script.split(separator: "&&").map({ $0.filter { $0 != "\n" } }) {
            guard ExistingCI.isPlain(part) else { return nil }
            let words = part.split(separator: " ").map(String.init)
            let names = called(words, scripts)
            if names.count > 1 {
                let kept = names.filter { reached(scripts[$0] ?? "", scripts, depth: 1) == nil }
                steps += kept.map { NodeEcosystem.run($0, manager) }
            } else if reached(part, scripts, depth: 0) == nil {
                let isCall = !names.isEmpty || ["npm", "npx", "pnpm", "yarn", "bun", "node"].contains(words.first ?? "")
                steps.append(isCall ? words.joined(separator: " ") : NodeEcosystem.execute(words.joined(separator: " "), manager))
            }
        }
        return steps
    }
}
