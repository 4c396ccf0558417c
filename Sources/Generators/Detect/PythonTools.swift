import Text

/// Brings what the commands of a Python component call and its installs do not: from the lists of packages the project keeps, else as a
/// pinned release. A command whose tool nobody can bring would only fail.
enum PythonTools {
    static func bring(to component: inout Component, _ context: DetectionContext) {
        guard component.language.value == .python, component.traits["fixed-install"] == nil else { return }
        let packages = PythonPackages(in: component.path, context)
        // An install in words we do not read may bring anything.
        guard component.commands(.install).allSatisfy({ installed(by: $0.line, component, packages, context) != nil }) else { return }
        leaveOutTwice(&component, packages, context)
        for purpose in [ComponentCommand.Purpose.test, .build, .typecheck, .lint] {
            for index in component.commands.indices where component.commands[index].purpose == purpose {
                for tool in needs(of: component.commands[index], component, context) {
                    bring(tool, toCommandAt: index, of: &component, packages, context)
                }
            }
        }
    }

    /// A check's own install of what the job has already.
    private static func leaveOutTwice(_ component: inout Component, _ packages: PythonPackages, _ context: DetectionContext) {
        let brought = component.commands(.install).reduce(into: Set<String>()) {
            $0.formUnion(installed(by: $1.line, component, packages, context) ?? [])
        }
        for index in component.commands.indices {
            let tools = component.commands[index].tools
            component.commands[index].tools = tools.filter { [component] line in
                guard line.hasPrefix("python -m pip install ") || line.hasPrefix("pip install "), !line.contains("=="),
                    !line.contains(" ."),
                    let names = installed(by: line, component, packages, context), !names.isEmpty
                else { return true }
                return !names.isSubset(of: brought)
            }
        }
    }

    private static func bring(
        _ tool: String, toCommandAt index: Int, of component: inout Component, _ packages: PythonPackages, _ context: DetectionContext
    ) {
        let command = component.commands[index]
        var brought: Set<String> = []
        for line in component.commands(.install).map(\.line) + command.tools + (recipe(command, component, context)?.lines ?? []) {
            brought.formUnion(installed(by: line, component, packages, context) ?? [])
        }
        guard !PythonPackages.bring(tool, brought) else { return }
        let manager = component.packageManager.value
        if let list = packages.bringing(tool, for: command.purpose, of: kinds(manager)) {
            add(list, toCommandAt: index, of: &component)
        } else if let line = pinned(tool, command, manager) {
            component.commands[index] = line
        }
    }

    /// Ways to install a list, the manager's favourite first.
    private static func kinds(_ manager: PackageManager) -> [PythonPackages.Kind] {
        switch manager {
        case .pip: [.extra, .group, .file]
        case .uv, .pdm: [.group, .extra]
        case .poetry: [.group, .extra]
        default: []
        }
    }

    private static func add(_ list: PythonPackages.List, toCommandAt index: Int, of component: inout Component) {
        let manager = component.packageManager.value
        if manager == .pip { return addForPip(list, toCommandAt: index, of: &component) }
        guard let install = component.commands.firstIndex(where: { $0.purpose == .install }) else {
            let line = component.commands[index].line
            guard manager == .uv, line.hasPrefix("uv run ") else { return }
            let option = list.kind == .group ? "--group" : "--extra"
            component.commands[index].line = "uv run \(option) \(list.name) " + line.dropFirst("uv run ".count)
            return
        }
        switch (manager, list.kind) {
        case (.uv, .group): component.commands[install].line += " --group \(list.name)"
        case (.uv, .extra), (.poetry, .extra): component.commands[install].line += " --extra\(manager == .poetry ? "s" : "") \(list.name)"
        case (.poetry, .group): component.commands[install].line += " --with \(list.name)"
        case (.pdm, _): component.commands[install].line += " -G \(list.name)"
        default: return
        }
    }

    /// What the tests need belongs to the install of the job; what only a check needs is its own.
    private static func addForPip(_ list: PythonPackages.List, toCommandAt index: Int, of component: inout Component) {
        let isTest = component.commands[index].purpose == .test && component.traits["environment-runner"] == nil
        let pip = "python -m pip install"
        let own = component.commands.firstIndex { $0.purpose == .install && $0.line.hasPrefix("\(pip) -e .") }
        let bare = component.commands.firstIndex { $0.line.hasPrefix(PythonEcosystem.dependenciesOnly) }
        switch list.kind {
        case .extra where isTest && bare != nil:
            component.commands[bare ?? 0].line += " --extra \(list.name)"
        case .group where isTest && own != nil:
            component.commands[own ?? 0].line += " --group \(list.name)"
        case .extra where isTest && own != nil && component.commands[own ?? 0].line == "\(pip) -e .":
            component.commands[own ?? 0] = ComponentCommand(.install, "\(pip) -e '.[\(list.name)]'", list.because)
        default:
            let what =
                switch list.kind {
                case .extra: "-e '.[\(list.name)]'"
                case .group: "--group \(list.name)"
                default: "-r \(list.name)"
                }
            if isTest {
                let last = component.commands.lastIndex { $0.purpose == .install }.map { $0 + 1 } ?? 0
                component.commands.insert(ComponentCommand(.install, "\(pip) \(what)", list.because), at: last)
            } else {
                component.commands[index].tools.append("\(pip) \(what)")
            }
        }
    }

    /// The command with a release of a tool that no list of the project names.
    private static func pinned(_ tool: String, _ command: ComponentCommand, _ manager: PackageManager) -> ComponentCommand? {
        var command = command
        let package = RunnerTools.pinned(tool)
        switch manager {
        case .pip: command.tools.append("python -m pip install \(package)")
        case .uv where command.line.hasPrefix("uv run "):
            command.line = "uv run --with \(package) " + command.line.dropFirst("uv run ".count)
        case .poetry, .pipenv: command.tools.append("\(manager.rawValue) run python -m pip install \(package)")
        default: return nil
        }
        return command
    }

    /// Tables that an application's own tool makes, where it has a server to make them in and nothing else does.
    static func prepare(_ component: inout Component, _ context: DetectionContext) {
        let databases: Set<String> = ["postgres", "mysql", "mariadb"]
        guard component.language.value == .python, component.role.value == .application, component.commands(.prepare).isEmpty,
            component.traits["fixed-prepare"] == nil, component.services.contains(where: { databases.contains($0.start) }),
            let path = context.first(["alembic.ini"], in: component.path),
            PythonEcosystem.declared(in: component.path, context).contains("alembic")
        else { return }
        let run = PythonEcosystem.runner(component.packageManager.value)
        component.commands.append(ComponentCommand(.prepare, run + "alembic upgrade head", Evidence(path)))
    }

    // MARK: What a command needs

    /// Programs of Python packages, with the package each comes from.
    private static let packageOf = [
        "py.test": "pytest", "poe": "poethepoet", "inv": "invoke", "trial": "twisted", "sphinx-build": "sphinx", "pytest": "pytest",
        "coverage": "coverage", "mypy": "mypy", "pyright": "pyright", "basedpyright": "basedpyright", "pyrefly": "pyrefly",
        "zuban": "zuban", "ty": "ty", "ruff": "ruff",
        "black": "black", "flake8": "flake8", "isort": "isort", "pylint": "pylint", "tox": "tox", "nox": "nox", "hatch": "hatch",
        "invoke": "invoke", "codespell": "codespell", "pre-commit": "pre-commit", "yapf": "yapf", "pyflakes": "pyflakes",
        "pycodestyle": "pycodestyle", "pydocstyle": "pydocstyle", "bandit": "bandit", "nose2": "nose2", "stestr": "stestr",
        "twine": "twine", "build": "build", "doit": "doit", "vulture": "vulture", "autopep8": "autopep8", "interrogate": "interrogate",
        "slotscheck": "slotscheck", "django-admin": "django", "djlint": "djlint", "towncrier": "towncrier",
        "check-manifest": "check-manifest",
        "task": "taskipy", "duty": "duty", "pyupgrade": "pyupgrade", "autoflake": "autoflake", "docformatter": "docformatter",
    ]

    private static func needs(of command: ComponentCommand, _ component: Component, _ context: DetectionContext) -> [String] {
        var needs: [String] = []
        if let recipe = recipe(command, component, context) {
            // Its own environment brings its own.
            let isOwn = recipe.lines.contains { line in
                ["activate", "venv", "uv run", "poetry run", "pdm run", "pipenv run", "hatch run", "tox", "nox"].contains(
                    where: line.contains)
            }
            if !isOwn { needs = recipe.programs.filter { $0 != "build" && $0 != "task" }.compactMap { packageOf[$0] } }
        } else if let program = program(of: command.line), let package = packageOf[program] {
            needs = [package]
        }
        if needs.contains("pytest") {
            needs += plugins(component.path, context)
            needs += plugins(saidIn: [command.line[...]]).filter { !needs.contains($0) }
        }
        return needs
    }

    private static func recipe(_ command: ComponentCommand, _ component: Component, _ context: DetectionContext) -> Recipe? {
        TaskRunners.recipe(of: command.line, in: component.path, context)
    }

    /// The Python program of a line; `nil` for what brings its own, such as `uvx`.
    private static func program(of line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)[...]
        let runners: Set<String> = ["uv", "poetry", "pdm", "pipenv"]
        while let word = words.first {
            if word.contains("="), !word.hasPrefix("-") {
                words = words.dropFirst()
            } else if runners.contains(word), words.dropFirst().first == "run" {
                words = words.dropFirst(2)
                // What is named beside it is brought by the runner.
                if words.first?.hasPrefix("-") ?? false {
                    guard words.first == "--directory" || words.first == "--group" || words.first == "--extra" else { return nil }
                    words = words.dropFirst(2)
                }
            } else if word == "python" || word == "python3" {
                guard words.dropFirst().first == "-m" else { return nil }
                words = words.dropFirst(2)
            } else {
                return word
            }
        }
        return nil
    }

    // MARK: What an install brings

    /// Names that a line installs; `nil` when it is written in a way that only running would tell.
    static func installed(by line: String, _ component: Component, _ packages: PythonPackages, _ context: DetectionContext) -> Set<String>?
    {
        let words = line.split(separator: " ").map { String($0.filter { $0 != "'" && $0 != "\"" }) }
        func all(_ kinds: Set<PythonPackages.Kind>, where condition: (PythonPackages.List) -> Bool = { _ in true }) -> Set<String> {
            packages.lists.filter { kinds.contains($0.kind) && condition($0) }.reduce(into: []) { $0.formUnion($1.packages) }
        }
        func named(_ kind: PythonPackages.Kind, _ names: some Sequence<Substring>) -> Set<String> {
            names.reduce(into: []) { $0.formUnion(packages.list(kind, String($1))?.packages ?? []) }
        }
        var brought: Set<String> = []
        if let mark = words.firstIndex(of: "install"), mark > 0, ["pip", "pip3"].contains(words[mark - 1]) {
            var rest = words[(mark + 1)...]
            while let word = rest.popFirst() {
                if word == "-r" || word == "--requirement", let file = rest.popFirst() {
                    if file == "pyproject.toml" {
                        brought.formUnion(all([.project]))
                        continue
                    }
                    var seen: Set<String> = []
                    brought.formUnion(
                        PythonPackages.packages(of: context.join(component.path, file.replacingFirst("./", "")), context, &seen))
                } else if word == "--group" || word == "--extra", let name = rest.popFirst() {
                    brought.formUnion(named(word == "--group" ? .group : .extra, [name[...]]))
                } else if word == "-c" || word == "--constraint" {
                    _ = rest.popFirst()
                } else if word.hasPrefix(".") {
                    let extras = word.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }.split(separator: ",")
                    brought.formUnion(all([.project]).union(named(.extra, extras)))
                } else if !word.hasPrefix("-") {
                    brought.insert(PythonPackages.name(of: word))
                }
            }
            return brought
        }
        guard let program = words.first, words.count > 1 else { return nil }
        func options(_ names: Set<String>) -> [Substring] {
            words.indices.dropLast().filter { names.contains(words[$0]) }.flatMap { words[$0 + 1].split(separator: ",") }
        }
        switch program {
        case "pipx": return [PythonPackages.name(of: words.last ?? "")]
        case "uv":
            if words.contains("--all-packages") { return nil }
            if words.contains("--all-groups") { brought = all([.group]) }
            if words.contains("--all-extras") { brought.formUnion(all([.extra])) }
            let standard = component.traits["default-groups"]?.split(separator: " ") ?? ["dev"]
            return brought.union(all([.project])).union(named(.group, standard + options(["--group"]))).union(
                named(.extra, options(["--extra"])))
        case "poetry":
            let extras = words.contains("--all-extras") ? all([.extra]) : named(.extra, options(["--extras", "-E"]))
            return all([.project]).union(extras).union(all([.group]) { !$0.isOptional }).union(named(.group, options(["--with"])))
        case "pdm":
            let chosen = options(["-G", "--group"])
            let extras = chosen.contains(":all") ? all([.extra]) : named(.extra, chosen)
            return all([.project, .group]).union(extras)
        case "pipenv": return all([.project, .group])
        default: return nil
        }
    }

    // MARK: pytest's plug-ins

    /// Settings that only a plug-in knows: without it pytest ends at once, or says that it does not know them.
    private static let plugins: [(mark: String, package: String)] = [
        ("--cov", "pytest-cov"), ("-n ", "pytest-xdist"), ("-n=", "pytest-xdist"), ("--numprocesses", "pytest-xdist"),
        ("--dist", "pytest-xdist"), ("asyncio_mode", "pytest-asyncio"), ("DJANGO_SETTINGS_MODULE", "pytest-django"),
        ("--ds=", "pytest-django"), ("--timeout", "pytest-timeout"), ("--benchmark-", "pytest-benchmark"),
        ("--reruns", "pytest-rerunfailures"),
        ("--random-order", "pytest-random-order"), ("--doctest-plus", "pytest-doctestplus"), ("--html", "pytest-html"),
        ("--flake8", "pytest-flake8"), ("--black", "pytest-black"), ("--mypy", "pytest-mypy"), ("--ruff", "pytest-ruff"),
    ]

    /// Source: docs.pytest.org/en/stable/reference/customize.html
    private static func plugins(_ folder: String, _ context: DetectionContext) -> [String] {
        let places = [
            ("pytest.ini", "[pytest]"), ("pyproject.toml", "[tool.pytest"), ("tox.ini", "[pytest]"), ("setup.cfg", "[tool:pytest]"),
        ]
        for (name, header) in places {
            let lines = context.lines(context.join(folder, name))
            guard let start = lines.firstIndex(where: { $0.hasPrefix(header) }) else { continue }
            let settings = lines[(start + 1)...].prefix { !$0.hasPrefix("[") }.filter { !$0.drop { $0 == " " }.hasPrefix("#") }
            return plugins(saidIn: settings)
        }
        return []
    }

    private static func plugins(saidIn lines: [Substring]) -> [String] {
        plugins.reduce(into: []) { found, plugin in
            if !found.contains(plugin.package), lines.contains(where: { isSaid(plugin.mark, $0) }) { found.append(plugin.package) }
        }
    }

    /// As a word of its own: `-n ` is none in `--durations -x`.
    private static func isSaid(_ mark: String, _ line: Substring) -> Bool {
        guard let range = String(line).firstRange(of: mark) else { return false }
        let before = String(line)[..<range.lowerBound].last ?? " "
        return " \"'=,".contains(before) || before == "\t"
    }
}
