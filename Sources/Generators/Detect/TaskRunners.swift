import Text

/// Commands people wrote down for people: Makefile, justfile, Taskfile, tox, nox. They come before what the manifest implies.
enum TaskRunners {
    static func apply(to component: inout Component, _ context: DetectionContext) {
        let folder = component.path
        // JavaScript's package scripts are such a file themselves.
        let hasOwnScripts: Set<Language> = [.node, .deno]
        if !hasOwnScripts.contains(component.language.value) {
            for (purpose, names) in wanted {
                if let command = makefile(names, folder, context) ?? just(names, folder, context) ?? task(names, folder, context) {
                    replace(&component, purpose, ComponentCommand(purpose, command.0, command.1))
                }
            }
        }
        if component.language.value == .python { python(&component, context) }
    }

    private static let wanted: [(ComponentCommand.Purpose, [String])] = [
        (.lint, ["lint"]), (.typecheck, ["typecheck", "type-check", "mypy"]), (.test, ["test", "tests", "check"]),
    ]

    private static func replace(_ component: inout Component, _ purpose: ComponentCommand.Purpose, _ command: ComponentCommand) {
        // `make check` and `make test` belong to the build system of C projects when it generates the Makefile.
        if component.traits["fixed-\(purpose.rawValue)"] != nil || component.traits["ci-\(purpose.rawValue)"] != nil { return }
        let generated: Set<PackageManager> = [.cmake, .meson, .autotools, .maven, .gradle]
        if generated.contains(component.packageManager.value) { return }
        component.commands.removeAll { $0.purpose == purpose }
        component.commands.append(command)
    }

    private static func makefile(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        guard let path = context.first(["GNUmakefile", "makefile", "Makefile"], in: folder) else { return nil }
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

    /// `.DEFAULT:` with `cd src && $(MAKE) $@` hands every other target to the Makefile there.
    private static func handedOn(_ names: [String], _ lines: [Substring], _ folder: String, _ context: DetectionContext) -> (
        String, Evidence
    )? {
        guard let index = lines.firstIndex(where: { $0.hasPrefix(".DEFAULT:") }), index + 1 < lines.count else { return nil }
        let words = lines[index + 1].split { $0 == " " || $0 == "\t" || $0 == "@" }
        guard words.first == "cd", words.count > 2, words[2] == "&&", lines[index + 1].contains("$@"), SafeText.path(String(words[1]))
        else {
            return nil
        }
        let below = context.join(folder, context.join(String(words[1]), "Makefile"))
        for name in names {
            if let line = context.line(in: below, where: { isTarget(name, $0) }) { return ("make \(name)", Evidence(below, line.number)) }
        }
        return nil
    }

    private static func isTarget(_ name: String, _ line: Substring) -> Bool {
        guard line.hasPrefix(name) else { return false }
        let rest = line.dropFirst(name.count).drop { $0 == " " }
        return rest.hasPrefix(":") && !rest.hasPrefix(":=") && !rest.hasPrefix("::=")
    }

    private static func just(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        // `just` and `task` are not on the runner, so their recipes count only when a version manager brings them.
        guard let path = context.first(["justfile", "Justfile", ".justfile"], in: folder),
            VersionFiles.tool(["just"], in: folder, context) != nil
        else { return nil }
        for name in names {
            if let line = context.line(in: path, where: { isTarget(name, $0) }) { return ("just \(name)", Evidence(path, line.number)) }
        }
        return nil
    }

    private static func task(_ names: [String], _ folder: String, _ context: DetectionContext) -> (String, Evidence)? {
        guard let path = context.first(["Taskfile.yml", "Taskfile.yaml"], in: folder),
            VersionFiles.tool(["task"], in: folder, context) != nil
        else { return nil }
        let tasks = context.tree(path)?["tasks"]?.mapping ?? []
        for name in names {
            if let pair = tasks.first(where: { $0.key.text == name }) { return ("task \(name)", Evidence(path, pair.key.start.line)) }
        }
        return nil
    }

    /// tox and nox build their own environments.
    private static func python(_ component: inout Component, _ context: DetectionContext) {
        let folder = component.path
        if let test = component.commands(.test).first, test.line.hasPrefix("make ") { return }
        let isMatrix = component.matrix != nil
        let toxEvidence: Evidence? =
            if let path = context.first(["tox.ini"], in: folder),
                let line = context.line(in: path, where: { $0.hasPrefix("[tox]") || $0.hasPrefix("[testenv") })
            {
                Evidence(path, line.number)
            } else if let path = context.first(["pyproject.toml"], in: folder), let line = context.toml(path)?.line(of: "tool.tox") {
                Evidence(path, line)
            } else {
                nil
            }
        if let toxEvidence {
            setTest(&component, "tox", isMatrix ? "tox run -e py" : "tox run", toxEvidence)
        } else if let path = context.first(["noxfile.py"], in: folder) {
            setTest(&component, "nox", "nox", Evidence(path))
            if component.traits["environment-runner"] != nil { component.matrix = nil }
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
        if !isUV { component.commands.append(ComponentCommand(.install, "python -m pip install \(tool)", because)) }
        component.commands.append(ComponentCommand(.test, isUV ? "uvx \(line)" : line, because))
        component.traits["environment-runner"] = tool
    }
}
