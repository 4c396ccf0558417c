import Text

/// Linters and builds that existing CI runs as an action of their own, in the words of a command.
enum ActionCommands {
    /// The first action that tests, where no command does, and every one that lints.
    static func apply(_ jobs: [CIJob], to component: inout Component, _ context: DetectionContext) {
        for action in jobs.flatMap(\.actions) where action.folder == component.path && !action.isConditional {
            guard let command = command(of: action, for: component, context) else { continue }
            take(command, into: &component)
        }
    }

    private static func take(_ command: ComponentCommand, into component: inout Component) {
        let purpose = command.purpose
        let mark = "ci-\(purpose.rawValue)"
        guard component.traits["fixed-\(purpose.rawValue)"] == nil, !component.commands.contains(where: { $0.line == command.line }) else {
            return
        }
        if component.traits[mark] == nil {
            component.commands.removeAll { $0.purpose == purpose }
            component.traits[mark] = "yes"
        } else if purpose == .test {
            return
        }
        component.commands.append(command)
    }

    private static func command(of action: CIAction, for component: Component, _ context: DetectionContext) -> ComponentCommand? {
        let name = action.name.lowercased()
        switch component.language.value {
        case .go:
            return name.hasSuffix("golangci-lint-action") || name == "reviewdog/action-golangci-lint"
                ? golangci(action, component, context)
                : name == "dominikh/staticcheck-action" ? lint("staticcheck ./...", action, component, context) : nil
        case .rust: return cargo(name, action)
        case .java, .kotlin: return gradle(name, action, component)
        case .python: return python(name, action, component, context)
        case .node: return node(name, action, component, context)
        case .ruby:
            let isKnown = ["reviewdog/action-rubocop", "andrewmcodes/rubocop-linter-action"].contains(name)
            guard isKnown, RubyEcosystem.declared(in: component.path, context).contains("rubocop") else { return nil }
            return ComponentCommand(.lint, "bundle exec rubocop", action.because)
        default: return nil
        }
    }

    /// Arguments that a shell takes as they stand; `nil` when it would not.
    private static func arguments(_ name: String, _ action: CIAction) -> String? {
        guard let text = action.inputs[name]?.value else { return "" }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return ExistingCI.isPlain(words) ? words : nil
    }

    private static func joined(_ head: String, _ arguments: String) -> String { arguments.isEmpty ? head : head + " " + arguments }

    private static func lint(_ line: String, _ action: CIAction, _ component: Component, _ context: DetectionContext) -> ComponentCommand? {
        let program = String(line.prefix { $0 != " " })
        guard let install = RunnerTools.install(program, component, context) else { return nil }
        return ComponentCommand(.lint, line, action.because, tools: [install])
    }

    /// The action fetches the newest release of the line that it is told; the first major version ended with 1.64.
    private static func golangci(_ action: CIAction, _ component: Component, _ context: DetectionContext) -> ComponentCommand? {
        guard let arguments = arguments("args", action) else { return nil }
        let version = (action.inputs["version"] ?? action.inputs["golangci_lint_version"])?.value ?? ""
        let parts = version.replacingFirst("v", "").split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        var command = lint(joined("golangci-lint run", arguments), action, component, context)
        if !parts.isEmpty, parts.count <= 3, parts.allSatisfy({ $0 != nil }), let major = parts.first ?? nil {
            let named = version.hasPrefix("v") ? version : "v" + version
            command?.tools = [RunnerTools.golangci(major: major, version: named)].compactMap { $0 }
        }
        return command.flatMap { $0.tools.isEmpty ? nil : $0 }
    }

    private static func cargo(_ name: String, _ action: CIAction) -> ComponentCommand? {
        guard let arguments = arguments("args", action) else { return nil }
        switch name {
        case "actions-rs/clippy-check", "giraffate/clippy-action", "auguwu/clippy-action":
            return ComponentCommand(.lint, joined("cargo clippy", arguments), action.because)
        case "actions-rs/cargo", "clechasseur/rs-cargo":
            guard let task = action.inputs["command"]?.value,
                let purpose = ["test": .test, "clippy": .lint, "fmt": .lint][task] as ComponentCommand.Purpose?,
                action.inputs["use-cross"]?.value != "true"
            else { return nil }
            return ComponentCommand(purpose, joined("cargo \(task)", arguments), action.because)
        default: return nil
        }
    }

    private static func gradle(_ name: String, _ action: CIAction, _ component: Component) -> ComponentCommand? {
        let known = ["gradle/gradle-build-action", "gradle/actions/setup-gradle", "burrunan/gradle-cache-action"]
        guard component.packageManager.value == .gradle, known.contains(name), let arguments = arguments("arguments", action),
            !arguments.isEmpty
        else { return nil }
        let line = (component.traits["wrapper"] == nil ? "gradle " : "./gradlew ") + arguments
        return ExistingCI.serves(line, .test) || arguments.split(separator: " ").contains("build")
            ? ComponentCommand(.test, line, action.because) : nil
    }

    private static func python(_ name: String, _ action: CIAction, _ component: Component, _ context: DetectionContext) -> ComponentCommand?
    {
        let declared = PythonEcosystem.declared(in: component.path, context)
        /// In the project's environment, where it has the tool; else by the version that is named, or by ours.
        func run(_ tool: String, _ rest: String, version: String?) -> ComponentCommand {
            let runner = PythonEcosystem.runner(component.packageManager.value)
            let isOwn = declared.contains(tool) && !runner.isEmpty
            let exact = version.flatMap { text in text.first?.isNumber == true && SafeText.path(text) ? text : nil }
            let pinned = exact.map { "\(tool)==\($0)" } ?? RunnerTools.pinned(tool)
            let outside = component.packageManager.value == .uv ? "uvx \(pinned.replacingAll("==", with: "@")) " : "pipx run \(pinned) "
            return ComponentCommand(.lint, (isOwn && exact == nil ? runner + tool + " " : outside) + rest, action.because)
        }
        let version = (action.inputs["version"] ?? action.inputs["ruff-version"])?.value
        switch name {
        case "astral-sh/ruff-action", "chartboost/ruff-action":
            guard let arguments = arguments("args", action), let sources = arguments.isEmpty ? self.arguments("src", action) : "" else {
                return nil
            }
            return run(
                "ruff", joined(arguments.isEmpty ? "check" : arguments, sources.isEmpty && arguments.isEmpty ? "." : sources),
                version: version)
        case "psf/black":
            guard let options = arguments("options", action), let sources = arguments("src", action) else { return nil }
            return run("black", joined(options.isEmpty ? "--check --diff" : options, sources.isEmpty ? "." : sources), version: version)
        case "pre-commit/action":
            guard let arguments = arguments("extra_args", action) else { return nil }
            return run(
                "pre-commit", joined("run --show-diff-on-failure --color=always", arguments.isEmpty ? "--all-files" : arguments),
                version: nil)
        default: return nil
        }
    }

    private static func node(_ name: String, _ action: CIAction, _ component: Component, _ context: DetectionContext) -> ComponentCommand? {
        let (tool, package, rest): (String, String, String)
        switch name {
        case "biomejs/setup-biome": (tool, package, rest) = ("biome", "@biomejs/biome", "ci .")
        case "reviewdog/action-eslint":
            (tool, package, rest) = ("eslint", "eslint", arguments("eslint_flags", action).flatMap { $0.isEmpty ? "." : $0 } ?? ".")
        default: return nil
        }
        let manifest = context.tree(component.file("package.json"))
        guard ["devDependencies", "dependencies"].contains(where: { manifest?[path: $0, package] != nil }) else {
            let version = action.inputs["version"]?.value ?? ""
            guard version.first?.isNumber == true, SafeText.path(version), component.packageManager.value == .npm else { return nil }
            return ComponentCommand(.lint, "npx --yes \(package)@\(version) \(rest)", action.because)
        }
        let head: [PackageManager: String] = [.pnpm: "pnpm exec", .yarnClassic: "yarn run", .yarnBerry: "yarn run", .bun: "bunx"]
        return ComponentCommand(.lint, "\(head[component.packageManager.value] ?? "npx") \(tool) \(rest)", action.because)
    }
}
