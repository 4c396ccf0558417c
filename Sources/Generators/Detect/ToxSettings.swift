import Text

/// The environments of tox that a repository knows, in its own language or in TOML.
///
/// Source: tox.wiki/en/stable/config.html
struct ToxSettings {
    /// The command that calls it.
    let run: String
    let because: Evidence
    private let environments: [(name: String, because: Evidence)]

    init?(in folder: String, _ context: DetectionContext) {
        let pyproject = context.join(folder, "pyproject.toml")
        var environments: [(String, Evidence)] = []
        var usesLock = false
        if let path = context.first(["tox.ini"], in: folder),
            let line = context.line(in: path, where: { $0.hasPrefix("[tox]") || $0.hasPrefix("[testenv") })
        {
            because = Evidence(path, line.number)
            for (index, line) in context.lines(path).enumerated() where line.hasPrefix("[testenv:") {
                environments.append((String(line.dropFirst(9).prefix { $0 != "]" }), Evidence(path, index + 1)))
            }
        } else if let path = [context.join(folder, "tox.toml"), pyproject].first(where: { Self.holds($0, context) }),
            let root = context.toml(path)
        {
            let prefix = path == pyproject ? "tool.tox." : ""
            because = Evidence(path, root.line(of: prefix.isEmpty ? "env_list" : "tool.tox") ?? 1)
            for name in root.keys(under: prefix + "env") {
                environments.append((name, Evidence(path, root.line(of: prefix + "env." + name))))
            }
            usesLock = root.string(prefix + "env_run_base.runner")?.text.hasPrefix("uv-venv") ?? false
        } else {
            return nil
        }
        // That runner is a plugin of its own.
        run = usesLock ? "uvx --with tox-uv tox run" : "tox run"
        self.environments = environments
    }

    private static func holds(_ path: String, _ context: DetectionContext) -> Bool {
        guard context.has(path), let root = context.toml(path) else { return false }
        return path.hasSuffix("pyproject.toml") ? root.line(of: "tool.tox") != nil : true
    }

    private static let checks: [(ComponentCommand.Purpose, [String])] = [
        (.lint, ["lint", "style", "linters", "linting", "check", "pre-commit", "flake8", "ruff", "format"]),
        (.typecheck, ["typing", "mypy", "type", "types", "typecheck", "type-check", "pyright"]),
    ]

    /// Checks in environments of their own, where the job has tox; with uv's own environment only those that no other evidence gave.
    func addChecks(to component: inout Component, unless written: Set<ComponentCommand.Purpose>) {
        let isRunner = component.traits["environment-runner"] == "tox"
        guard isRunner || component.packageManager.value == .uv else { return }
        for (purpose, names) in Self.checks where !written.contains(purpose) && (isRunner || component.commands(purpose).isEmpty) {
            guard let found = names.lazy.compactMap({ name in environments.first { $0.name == name } }).first else { continue }
            let call = component.packageManager.value == .uv && !run.hasPrefix("uvx ") ? "uvx " + run : run
            component.commands.removeAll { $0.purpose == purpose }
            component.commands.append(ComponentCommand(purpose, "\(call) -e \(found.name)", found.because))
        }
    }
}
