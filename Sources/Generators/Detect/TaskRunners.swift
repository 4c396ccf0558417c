import Text

/// Commands people wrote down for people: Makefile, justfile, Taskfile, tox, nox. They come before what the manifest implies.
enum TaskRunners {
    static func apply(to component: inout Component, _ context: DetectionContext) {
        // JavaScript's package scripts are such a file themselves.
        let hasOwnScripts: Set<Language> = [.node, .deno]
        var written = Set(ComponentCommand.Purpose.allCases.filter { isDecided(component, $0) })
        if !hasOwnScripts.contains(component.language.value) {
            for (purpose, names) in wanted {
                if !isDecided(component, purpose), let command = recipe(names, purpose, &component, context) {
                    component.commands.removeAll { $0.purpose == purpose }
                    component.commands.append(command)
                    written.insert(purpose)
                }
            }
        }
        if component.language.value == .python { python(&component, written, context) }
    }

    private static let wanted: [(ComponentCommand.Purpose, [String])] = [
        (.lint, ["lint"]), (.typecheck, ["typecheck", "type-check", "mypy"]), (.test, ["test", "tests", "check"]),
    ]

    private static func isDecided(_ component: Component, _ purpose: ComponentCommand.Purpose) -> Bool {
        if component.traits["fixed-\(purpose.rawValue)"] != nil || component.traits["ci-\(purpose.rawValue)"] != nil { return true }
        // `make check` and `make test` belong to the build system of C projects when it generates the Makefile.
        let generated: Set<PackageManager> = [.cmake, .meson, .autotools, .maven, .gradle]
        return generated.contains(component.packageManager.value)
    }

    /// The first recipe of these names whose tools are there or can be brought; another is left out with its reason.
    private static func recipe(
        _ names: [String], _ purpose: ComponentCommand.Purpose, _ component: inout Component, _ context: DetectionContext
    ) -> ComponentCommand? {
        let folder = component.path
        for (line, because) in [makefile(names, folder, context), just(names, folder, context), task(names, folder, context)].compactMap({
            $0
        }) {
            if let command = usable(ComponentCommand(purpose, line, because), of: &component, context) { return command }
        }
        return nil
    }

    /// A call of a task runner with what it needs; `nil`, and noted, when it could only fail. Other commands pass as they are.
    static func usable(_ command: ComponentCommand, of component: inout Component, _ context: DetectionContext) -> ComponentCommand? {
        guard let runner = command.line.split(separator: " ").first.map(String.init),
            let recipe = recipe(of: command.line, in: component.path, context)
        else { return command }
        var command = command
        switch RunnerTools.verdict(recipe, for: command.purpose, of: component, context) {
        case .ready(let installs):
            command.tools = [RunnerTools.taskRunners[runner]].compactMap { $0 } + installs
            return command
        case .readyInEnvironment:
            let isRuby = component.packageManager.value == .bundler
            command.line = (isRuby ? "bundle exec " : PythonEcosystem.runner(component.packageManager.value)) + command.line
            return command
        case .lacks(let program):
            leaveOut(command, "it calls '\(program)', which neither the runner nor the project's packages bring", &component)
            return nil
        case .useless(let reason):
            leaveOut(command, reason, &component)
            return nil
        }
    }

    private static func leaveOut(_ command: ComponentCommand, _ reason: String, _ component: inout Component) {
        let leftOut = LeftOutCommand(line: command.line, because: command.because, reason: reason)
        if !component.leftOut.contains(leftOut) { component.leftOut.append(leftOut) }
    }

    private static let makefiles = ["GNUmakefile", "makefile", "Makefile"]
    private static let justfiles = ["justfile", "Justfile", ".justfile"]
    private static let taskfiles = ["Taskfile.yml", "Taskfile.yaml"]

    /// What a call of a task runner does; `nil` for other commands.
    static func recipe(of line: String, in folder: String, _ context: DetectionContext) -> Recipe? {
        let words = line.split(separator: " ").map(String.init)
        return words.count > 1 ? recipe(words[0], words[1], folder, context) : nil
    }

    private static func recipe(_ runner: String, _ target: String, _ folder: String, _ context: DetectionContext) -> Recipe? {
        switch runner {
        case "make": context.first(makefiles, in: folder).map { Recipe(of: target, in: context.lines($0)) }
        case "just": context.first(justfiles, in: folder).map { Recipe(of: target, in: context.lines($0), .just) }
        case "task": context.first(taskfiles, in: folder).flatMap { context.tree($0) }.map { Recipe(of: target, inTasks: $0) }
        default: nil
        }
    }

    private static func makefile(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        guard let path = context.first(makefiles, in: folder) else { return nil }
        let lines = context.lines(path)
        for name in names {
            guard let index = lines.firstIndex(where: { isTarget(name, $0) }) else { continue }
            let recipe = lines[(index + 1)...].prefix { $0.hasPrefix("\t") || $0.isEmpty }.joined(separator: "\n")
            // A recipe that needs containers, other machines or a person is nothing for a plain runner.
            if ["docker", "vagrant", "podman", "minikube", "kubectl", "read -p"].contains(where: recipe.contains) { continue }
            return ("make \(name)", Evidence(path, index + 1))
        }
        return handedOn(names, lines, folder, context)
    }

    /// `.DEFAULT:` with `cd src && $(MAKE) $@`, or the same with `-C` for each of some folders, hands every other target on to Makefiles there.
    private static func handedOn(_ names: [String], _ lines: [Substring], _ folder: String, _ context: DetectionContext) -> (
        String, Evidence
    )? {
        guard let index = lines.firstIndex(where: { $0.hasPrefix(".DEFAULT:") }), index + 1 < lines.count else { return nil }
        let recipe = lines[index + 1]
        guard recipe.contains("$@"), recipe.contains("MAKE") else { return nil }
        let words = recipe.split { " \t@;".contains($0) }.map(String.init)
        var places = words.first == "cd" ? words.dropFirst().prefix(1).map { $0 } : []
        if let mark = words.firstIndex(of: "-C"), mark + 1 < words.count { places.append(words[mark + 1]) }
        if places.first?.hasPrefix("$$") ?? false, let mark = words.firstIndex(of: "in") {
            places = words[(mark + 1)...].prefix { $0 != "do" }.map { $0 }
        }
        for place in places.flatMap({ expanded($0, lines) }) where SafeText.path(place) {
            let below = context.join(folder, context.join(place, "Makefile"))
            for name in names {
                if let line = context.line(in: below, where: { isTarget(name, $0) }) {
                    return ("make \(name)", Evidence(below, line.number))
                }
            }
        }
        return nil
    }

    /// The words of a variable that the file sets plainly.
    private static func expanded(_ word: String, _ lines: [Substring]) -> [String] {
        guard word.hasPrefix("$(") || word.hasPrefix("${") else { return [word] }
        let name = word.dropFirst(2).dropLast()
        guard let line = lines.first(where: { $0.hasPrefix(name) && $0.contains("=") }) else { return [] }
        return line.drop { $0 != "=" }.dropFirst().split(separator: " ").map(String.init)
    }

    private static func isTarget(_ name: String, _ line: Substring) -> Bool {
        guard line.hasPrefix(name) else { return false }
        let rest = line.dropFirst(name.count).drop { $0 == " " }
        return rest.hasPrefix(":") && !rest.hasPrefix(":=") && !rest.hasPrefix("::=")
    }

    private static func just(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        guard let path = context.first(justfiles, in: folder) else { return nil }
        for name in names {
            // Parameters stand between a recipe's name and its colon; those without a default need a word we do not have.
            let head = { (line: Substring) in
                isTarget(name, line) || line.hasPrefix(name + " *") && line.contains(":") && !line.contains(":=")
            }
            if let line = context.line(in: path, where: head) { return ("just \(name)", Evidence(path, line.number)) }
        }
        return nil
    }

    private static func task(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        guard let path = context.first(taskfiles, in: folder) else { return nil }
        let tasks = context.tree(path)?["tasks"]?.mapping ?? []
        for name in names {
            if let pair = tasks.first(where: { $0.key.text == name }) { return ("task \(name)", Evidence(path, pair.key.start.line)) }
        }
        return nil
    }

    /// tox, nox and Hatch build their own environments.
    ///
    /// - Parameter written: what their owner's CI, configuration or another task runner says already.
    private static func python(_ component: inout Component, _ written: Set<ComponentCommand.Purpose>, _ context: DetectionContext) {
        let folder = component.path
        if let test = component.commands(.test).first, test.line.hasPrefix("make ") { return }
        if let tox = ToxSettings(in: folder, context) {
            setTest(&component, "tox", component.matrix == nil ? tox.run : tox.run + " -e py", tox.because)
            tox.addChecks(to: &component, unless: written)
        } else if let path = context.first(["noxfile.py"], in: folder) {
            nox(&component, path, written, context)
        } else if let hatch = HatchSettings(in: folder, context) {
            setHatch(&component, hatch, written, context)
        }
    }

    private static let lints = ["lint", "style", "linters", "linting", "check", "fmt-check", "format-check"]
    private static let typechecks = ["typing", "typecheck", "type-check", "types", "mypy", "pyright"]

    /// Where only an environment of Hatch brings the test tool.
    private static func setHatch(
        _ component: inout Component, _ hatch: HatchSettings, _ written: Set<ComponentCommand.Purpose>, _ context: DetectionContext
    ) {
        let packages = PythonPackages(in: component.path, context)
        guard component.packageManager.value == .pip, hatch.brings("pytest"),
            !packages.lists.contains(where: { PythonPackages.bring("pytest", $0.packages) }),
            let test = hatch.command(.test, ["test", "tests", "run", "run-tests", "no-cov", "cov"])
        else { return }
        setTest(&component, "hatch", test.line, test.because)
        replace(.lint, hatch.command(.lint, lints), in: &component, unless: written)
        replace(.typecheck, hatch.command(.typecheck, typechecks), in: &component, unless: written)
    }

    /// A check in an environment of its own says more than what the manifest implies.
    private static func replace(
        _ purpose: ComponentCommand.Purpose, _ command: ComponentCommand?, in component: inout Component,
        unless written: Set<ComponentCommand.Purpose>
    ) {
        guard let command, !written.contains(purpose), component.traits["environment-runner"] != nil else { return }
        component.commands.removeAll { $0.purpose == purpose }
        component.commands.append(command)
    }

    /// Sessions are functions under `@nox.session`. Source: nox.thea.codes/en/stable/config.html
    private static func nox(
        _ component: inout Component, _ path: String, _ written: Set<ComponentCommand.Purpose>, _ context: DetectionContext
    ) {
        let lines = context.lines(path)
        var sessions: [(name: String, because: Evidence)] = []
        for (index, line) in lines.enumerated() where line.hasPrefix("@nox.session") || line.hasPrefix("@session") {
            let named = line.firstRange(of: "name=").map { line[$0.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" } }
            let function = lines[index...].first { $0.hasPrefix("def ") }.map { $0.dropFirst(4).prefix { $0 != "(" } }
            if let name = named ?? function, SafeText.path(String(name)) { sessions.append((String(name), Evidence(path, index + 1))) }
        }
        func session(_ names: [String]) -> (name: String, because: Evidence)? {
            names.lazy.compactMap { name in sessions.first { $0.name == name } }.first
        }
        if let test = session(["tests", "test", "unit", "pytest", "test-all", "tests-all"]) {
            setTest(&component, "nox", "nox -s \(test.name)", test.because)
        } else if sessions.isEmpty {
            // Written in a way that only running tells.
            setTest(&component, "nox", "nox", Evidence(path))
        }
        guard component.traits["environment-runner"] == "nox" else { return }
        component.matrix = nil
        for (purpose, names) in [(ComponentCommand.Purpose.lint, lints), (.typecheck, typechecks)] {
            let found = session(names).map { ComponentCommand(purpose, "nox -s \($0.name)", $0.because) }
            replace(purpose, found, in: &component, unless: written)
        }
    }

    /// An installed environment with a test tool in it says more than a matrix runner beside it; so do the owner's own words.
    private static func setTest(_ component: inout Component, _ tool: String, _ line: String, _ because: Evidence) {
        if component.traits["fixed-test"] != nil || component.traits["ci-test"] != nil
            || component.lockFile != nil && !component.commands(.test).isEmpty
        {
            return
        }
        component.commands.removeAll { $0.purpose == .test || $0.purpose == .install }
        let isUV = component.packageManager.value == .uv
        if !isUV { component.commands.append(ComponentCommand(.install, "python -m pip install \(RunnerTools.pinned(tool))", because)) }
        component.commands.append(ComponentCommand(.test, isUV && !line.hasPrefix("uvx ") ? "uvx \(line)" : line, because))
        component.traits["environment-runner"] = tool
    }
}
