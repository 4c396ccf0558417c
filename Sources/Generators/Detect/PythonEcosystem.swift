import Text

/// pip, Poetry, uv, Pipenv, PDM.
enum PythonEcosystem: Ecosystem {
    static let manifests = ["pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let project = context.toml(context.join(folder, "pyproject.toml"))
        if manifest.hasSuffix("pyproject.toml"), let project, !isProject(project), !hasOther(folder, context) { return nil }
        let manager = packageManager(folder, manifest, project, context, &conflicts)
        let role = role(folder, manifest, project, context)
        var component = Component(path: folder, language: Sourced(.python, Evidence(manifest)), packageManager: manager.manager, role: role)
        component.lockFile = manager.lock
        if let project { setMembers(&component, project, context) }
        setVersion(&component, project, context, &conflicts)
        setDefaultGroups(&component, project)
        component.commands = installs(component, manifest, project, context) + checks(component, project, context)
        takeMembers(&component, context)
        // What the image installs; the tests' packages are not among it.
        component.traits["requirements"] = mainRequirements(folder, context)
        if project?.line(of: "project.dependencies") != nil { component.traits["requirements-in-project"] = "yes" }
        setStart(&component, context)
        // Their pure sources find libraries of the system when they are loaded.
        let native: Set<String> = ["psycopg2", "psycopg", "mysqlclient", "pylibmc", "pycurl", "python-ldap", "weasyprint", "python-magic"]
        if !native.isDisjoint(with: declared(in: folder, context)) { component.traits["needs-libraries"] = "yes" }
        return component
    }

    /// A `pyproject.toml` that only configures tools makes no project.
    private static func isProject(_ project: TOMLDocument) -> Bool {
        ["project", "build-system", "tool.poetry", "tool.pdm", "tool.uv"].contains { project.line(of: $0) != nil }
    }

    private static func hasOther(_ folder: String, _ context: DetectionContext) -> Bool {
        context.first(["setup.py", "setup.cfg", "Pipfile", "requirements.txt", "tox.ini"], in: folder) != nil
    }

    private static func packageManager(
        _ folder: String, _ manifest: String, _ project: TOMLDocument?, _ context: DetectionContext, _ conflicts: inout [ModelConflict]
    ) -> (manager: Sourced<PackageManager>, lock: String?) {
        let locks: [(String, PackageManager)] = [("uv.lock", .uv), ("poetry.lock", .poetry), ("pdm.lock", .pdm), ("Pipfile.lock", .pipenv)]
        let present = locks.compactMap { name, manager in context.first([name], in: folder).map { ($0, manager) } }
        let pyproject = context.join(folder, "pyproject.toml")
        if present.count > 1 {
            conflicts.append(
                ModelConflict(
                    component: folder, field: "package_manager",
                    message: "lock files of \(present.map(\.1.rawValue).joined(separator: " and ")) stand side by side; remove all but one",
                    evidence: present.map { Evidence($0.0, 1) }))
        }
        if let (path, manager) = present.first { return (Sourced(manager, Evidence(path, 1)), path) }
        if let project {
            let backend = project.string("build-system.build-backend")
            if let line = project.line(of: "tool.poetry.dependencies") ?? (backend?.text.hasPrefix("poetry") == true ? backend?.line : nil)
            {
                return (Sourced(.poetry, Evidence(pyproject, line)), nil)
            }
            if let line = project.line(of: "tool.pdm.dev-dependencies") { return (Sourced(.pdm, Evidence(pyproject, line)), nil) }
            if let line = project.line(of: "tool.uv") { return (Sourced(.uv, Evidence(pyproject, line)), nil) }
        }
        if let path = context.first(["Pipfile"], in: folder) { return (Sourced(.pipenv, Evidence(path)), nil) }
        return (Sourced(.pip, Evidence(manifest)), nil)
    }

    private static func role(_ folder: String, _ manifest: String, _ project: TOMLDocument?, _ context: DetectionContext) -> Sourced<
        ComponentRole
    > {
        if let path = context.first(["manage.py", "app.py", "main.py", "wsgi.py", "app/main.py", "src/main.py"], in: folder) {
            return Sourced(.application, Evidence(path))
        }
        // Its place in the index, for who looks for it there.
        if let line = project?.line(of: "project.classifiers"),
            !(project?.strings("project.classifiers") ?? []).contains(where: { $0.hasPrefix("Private") })
        {
            return Sourced(.library, Evidence(context.join(folder, "pyproject.toml"), line))
        }
        if let line = project?.line(of: "build-system") { return Sourced(.library, Evidence(context.join(folder, "pyproject.toml"), line)) }
        if let path = context.first(["setup.py"], in: folder) { return Sourced(.library, Evidence(path)) }
        return Sourced(.application, Evidence(manifest))
    }

    private static func setVersion(
        _ component: inout Component, _ project: TOMLDocument?, _ context: DetectionContext, _ conflicts: inout [ModelConflict]
    ) {
        let folder = component.path
        var found = VersionFiles.plain([".python-version"], in: folder, context)
        if let runtime = VersionFiles.plain(["runtime.txt"], in: folder, context).first(where: { $0.version.hasPrefix("python-") }) {
            found.append(.init(version: String(runtime.version.dropFirst(7)), path: runtime.path, line: runtime.line))
        }
        if let tool = VersionFiles.tool(["python"], in: folder, context) { found.append(tool) }
        if let conflict = VersionFiles.conflict(found, folder, same: { minor($0) == minor($1) }) { conflicts.append(conflict) }
        let pyproject = context.join(folder, "pyproject.toml")
        let required = project?.string("project.requires-python") ?? project?.string("tool.poetry.dependencies.python")
        if let first = found.first {
            component.version = Sourced(first.version, Evidence(first.path, first.line))
            component.versionFile = first.path.hasSuffix("runtime.txt") ? nil : first.path
        } else if let required {
            component.version = Sourced(required.text, Evidence(pyproject, required.line))
        } else if let line = setupRequirement(folder, context) {
            component.version = line
        } else if let entry = context.toml(context.join(folder, "Pipfile"))?.string("requires.python_version") {
            component.version = Sourced(entry.text, Evidence(context.join(folder, "Pipfile"), entry.line))
        }
        guard component.role.value == .library else { return }
        let bounds = required.map { ($0.text, Evidence(pyproject, $0.line)) } ?? component.version.map { ($0.value, $0.because) }
        let versions = matrix(bounds?.0)
        if versions.count > 1 { component.matrix = Sourced(versions, bounds?.1 ?? component.role.because) }
    }

    private static func setupRequirement(_ folder: String, _ context: DetectionContext) -> Sourced<String>? {
        for name in ["setup.cfg", "setup.py"] {
            let path = context.join(folder, name)
            guard let line = context.line(in: path, where: { $0.holds("python_requires") }), let version = line.text.firstVersion else {
                continue
            }
            return Sourced(">=" + version, Evidence(path, line.number))
        }
        return nil
    }

    private static func minor(_ version: String) -> String { version.split(separator: ".").prefix(2).joined(separator: ".") }

    /// Living versions inside the bounds. Source: devguide.python.org/versions
    static func matrix(_ requirement: String?) -> [String] {
        let living = [10, 11, 12, 13, 14]
        var least = 10
        var below = 15
        for part in (requirement ?? "").split(separator: ",") {
            guard let version = String(part).firstVersion, version.hasPrefix("3."), let number = Int(version.split(separator: ".")[1])
            else { continue }
            if part.contains("<=") {
                below = min(below, number + 1)
            } else if part.contains("<") {
                below = min(below, number)
            } else {
                least = max(least, number)
            }
        }
        let fitting = living.filter { $0 >= least && $0 < below }
        // The oldest, the newest and what lies between: every one, as they are few.
        return fitting.map { "3.\($0)" }
    }

    private static func installs(
        _ component: Component, _ manifest: String, _ project: TOMLDocument?, _ context: DetectionContext
    ) -> [ComponentCommand] {
        let because = component.lockFile.map { Evidence($0, 1) } ?? component.packageManager.because
        switch component.packageManager.value {
        case .uv: return [ComponentCommand(.install, component.lockFile == nil ? "uv sync" : "uv sync --locked", because)]
        case .poetry: return [ComponentCommand(.install, "poetry install --no-interaction", because)]
        case .pdm: return [ComponentCommand(.install, component.lockFile == nil ? "pdm install" : "pdm sync", because)]
        case .pipenv: return [ComponentCommand(.install, component.lockFile == nil ? "pipenv install --dev" : "pipenv sync --dev", because)]
        default: return pip(component, project, context)
        }
    }

    private static func pip(_ component: Component, _ project: TOMLDocument?, _ context: DetectionContext) -> [ComponentCommand] {
        let folder = component.path
        var files = ["requirements.txt"].filter { context.has(context.join(folder, $0)) }
        files += testRequirements.filter { context.has(context.join(folder, $0)) }
        if let main = mainRequirements(folder, context), !files.contains(where: { takes(main, $0, folder, context) }) {
            files.insert(main, at: 0)
        }
        var commands = files.map { ComponentCommand(.install, "python -m pip install -r \($0)", Evidence(context.join(folder, $0))) }
        let hasSetup = context.has(context.join(folder, "setup.py"))
        guard hasSetup || project?.line(of: "build-system") != nil || project?.line(of: "project") != nil else { return commands }
        // An application that lists its packages in a file is run where it lies.
        if component.role.value == .application, mainRequirements(folder, context) != nil { return commands }
        // A file may install the project itself.
        let isItself = { (line: Substring) in ["-e .", ".", "--editable ."].contains { line == $0 || line.hasPrefix($0 + "[") } }
        if files.contains(where: { context.line(in: context.join(folder, $0), where: isItself) != nil }) { return commands }
        let pyproject = context.join(folder, "pyproject.toml")
        let packages = PythonPackages(in: folder, context)
        let extra = ["test", "tests", "testing", "dev"].lazy.compactMap { packages.list(.extra, $0) }.first
        let group = ["test", "tests", "dev"].lazy.compactMap { packages.list(.group, $0) }.first
        if !hasSetup, let project, !isBuildable(project, folder, context) {
            // The build would end at folders it cannot tell apart; what the project needs can be installed without it.
            let because = Evidence(pyproject, project.line(of: "project.dependencies") ?? project.line(of: "project"))
            commands.append(ComponentCommand(.install, "python -m pip install \(RunnerTools.pinned("uv"))", because))
            commands.append(ComponentCommand(.install, dependenciesOnly + (extra.map { " --extra \($0.name)" } ?? ""), because))
            if extra == nil, let group { commands[commands.count - 1].line += " --group \(group.name)" }
        } else if let extra {
            commands.append(ComponentCommand(.install, "python -m pip install -e '.[\(extra.name)]'", extra.because))
        } else if let group {
            commands.append(ComponentCommand(.install, "python -m pip install -e . --group \(group.name)", group.because))
        } else {
            let because = Evidence(project?.line(of: "project") == nil && hasSetup ? context.join(folder, "setup.py") : pyproject)
            commands.append(ComponentCommand(.install, "python -m pip install -e .", because))
        }
        return commands
    }

    /// Source: docs.astral.sh/uv/pip/packages (`uv pip install -r pyproject.toml`)
    static let dependenciesOnly = "uv pip install --system -r pyproject.toml"

    private static let testRequirements = [
        "requirements-dev.txt", "requirements_dev.txt", "requirements.dev.txt", "dev-requirements.txt", "dev_requirements.txt",
        "requirements-test.txt", "requirements-tests.txt", "requirements-testing.txt", "requirements.test.txt", "test-requirements.txt",
        "test_requirements.txt", "requirements_test.txt", "requirements_tests.txt", "requirements/dev.txt", "requirements/development.txt",
        "requirements/test.txt", "requirements/tests.txt", "requirements/testing.txt", "requirements/local.txt",
        "requirements/requirements-dev.txt", "tests/requirements.txt",
    ]

    /// The file of what the project itself runs with, from its folder.
    static func mainRequirements(_ folder: String, _ context: DetectionContext) -> String? {
        let names = ["production", "prod", "base", "common", "main", "requirements"].map { "requirements/\($0).txt" }
        return (["requirements.txt"] + names).first { context.has(context.join(folder, $0)) }
    }

    /// Whether one file is the other, or takes it in.
    private static func takes(_ main: String, _ file: String, _ folder: String, _ context: DetectionContext) -> Bool {
        if main == file { return true }
        let name = DetectionContext.name(of: main)
        return context.line(in: context.join(folder, file), where: { $0.hasPrefix("-r") && $0.hasSuffix(name) }) != nil
    }

    /// Whether setuptools, which builds what names no builder, tells what belongs to the package.
    ///
    /// Source: setuptools.pypa.io/en/latest/userguide/package_discovery.html (flat layout: one package or one module)
    private static func isBuildable(_ project: TOMLDocument, _ folder: String, _ context: DetectionContext) -> Bool {
        if project.line(of: "build-system") != nil || project.line(of: "tool.setuptools.packages") != nil
            || project.line(of: "tool.setuptools.py-modules") != nil || context.has(context.join(folder, "setup.cfg"))
        {
            return true
        }
        let start = folder.isEmpty ? 0 : folder.utf8.count + 1
        var packages: Set<String> = []
        for path in context.files(below: folder, where: { $0.hasSuffix(".py") }) {
            let parts = path.dropFirst(start).split(separator: "/")
            if parts.count > 1, let top = parts.first { packages.insert(String(top)) }
        }
        if packages.contains("src") { return true }
        packages.subtract(reserved)
        let modules = context.entries(of: folder).filter { $0.hasSuffix(".py") }.map { DetectionContext.name(of: $0) }
        let own = modules.filter {
            !["setup.py", "conftest.py", "tasks.py", "noxfile.py", "manage.py", "dodo.py"].contains($0) && !isTest($0)
        }
        return packages.filter { $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }.count <= 1
            && (packages.isEmpty ? own.count <= 1 : true)
    }

    private static let reserved: Set<String> = [
        "ci", "bin", "debian", "doc", "docs", "documentation", "manpages", "news", "newsfragments", "changelog", "test", "tests",
        "unit_test", "unit_tests", "example", "examples", "scripts", "tools", "util", "utils", "python", "build", "benchmark", "benchmarks",
        "exercise", "exercises", "htmlcov", "tasks", "fabfile", "site_scons",
    ]

    /// Words before a tool so that it runs in the project's environment.
    static func runner(_ manager: PackageManager) -> String {
        switch manager {
        case .uv: "uv run "
        case .poetry: "poetry run "
        case .pdm: "pdm run "
        case .pipenv: "pipenv run "
        default: ""
        }
    }

    private static func checks(_ component: Component, _ project: TOMLDocument?, _ context: DetectionContext) -> [ComponentCommand] {
        let folder = component.path
        let run = runner(component.packageManager.value)
        let pyproject = context.join(folder, "pyproject.toml")
        var commands: [ComponentCommand] = []
        let everything = declared(in: component.path, context)
        let ruff =
            project?.line(of: "tool.ruff").map { Evidence(pyproject, $0) }
            ?? context.first(["ruff.toml", ".ruff.toml"], in: folder).map { Evidence($0) }
        if let ruff {
            commands.append(
                ComponentCommand(
                    .lint, everything.contains("ruff") ? run + "ruff check ." : alone("ruff", "check .", folder, run, context), ruff))
        } else if let path = context.first([".flake8"], in: folder), everything.contains("flake8") {
            commands.append(ComponentCommand(.lint, run + "flake8", Evidence(path)))
        } else if let path = hooks(folder, context) {
            commands.append(ComponentCommand(.lint, alone("pre-commit", "run --all-files", folder, run, context), Evidence(path)))
        }
        if everything.contains("mypy"), let line = project?.line(of: "tool.mypy"), let target = mypyTarget(folder, project, context) {
            commands.append(ComponentCommand(.typecheck, run + "mypy" + target, Evidence(pyproject, line)))
        }
        if let because = pytestEvidence(folder, project, everything, context) {
            commands.append(ComponentCommand(.test, run.isEmpty ? "python -m pytest" : run + "pytest", because))
        } else if let path = context.first(["manage.py"], in: folder) {
            commands.append(ComponentCommand(.test, run + "python manage.py test", Evidence(path)))
        } else if let path = context.firstBelow(folder, where: { isTest($0) && isOwn($0, folder, context) }) {
            commands.append(
                ComponentCommand(
                    .test, run + "python -m unittest discover" + (path.hasPrefix("tests/") ? " -s tests" : ""),
                    Evidence(context.join(folder, path))))
        }
        return commands
    }

    /// A tool that needs nothing of the project, in the release that the project's hooks name, else in one that is known to work.
    private static func alone(_ tool: String, _ rest: String, _ folder: String, _ run: String, _ context: DetectionContext) -> String {
        let version = hookVersion(of: tool, folder, context) ?? String(RunnerTools.pinned(tool).dropFirst(tool.count + 2))
        return run == "uv run " ? "uvx \(tool)@\(version) \(rest)" : "pipx run \(tool)==\(version) \(rest)"
    }

    private static let hookFiles = [".pre-commit-config.yaml", ".pre-commit-config.yml"]

    /// `rev: v0.9.1` of the repository that carries the tool's hook. Source: pre-commit.com
    private static func hookVersion(of tool: String, _ folder: String, _ context: DetectionContext) -> String? {
        guard let path = context.first(hookFiles, in: folder) else { return nil }
        let hooks = context.tree(path)?["repos"]?.sequence ?? []
        let revision = hooks.first { $0["repo"]?.string?.hasSuffix("\(tool)-pre-commit") ?? false }?["rev"]?.string
        guard let version = revision?.replacingFirst("v", ""), version.allSatisfy({ $0.isNumber || $0 == "." }), version.contains(".")
        else { return nil }
        return version
    }

    /// The hooks, where none of them needs the project's own environment or a branch of its own.
    private static func hooks(_ folder: String, _ context: DetectionContext) -> String? {
        guard let path = context.first(hookFiles, in: folder), let repositories = context.tree(path)?["repos"]?.sequence else { return nil }
        let isOwn = repositories.contains { repository in
            (repository["hooks"]?.sequence ?? []).contains { hook in
                let language = hook["language"]?.string ?? ""
                return ["system", "unsupported", "script"].contains(language) || hook["id"]?.string == "no-commit-to-branch"
            }
        }
        return isOwn ? nil : path
    }

    /// What mypy looks at: nothing to add where its settings say it, else the sources; without either it only ends with an error.
    private static func mypyTarget(_ folder: String, _ project: TOMLDocument?, _ context: DetectionContext) -> String? {
        if ["files", "packages", "modules"].contains(where: { project?.entries["tool.mypy.\($0)"] != nil }) { return "" }
        if context.firstBelow(folder, where: { $0.hasPrefix("src/") && $0.hasSuffix(".py") }) != nil { return " src" }
        let name = (project?.string("project.name") ?? project?.string("tool.poetry.name"))?.text ?? ""
        let module = name.lowercased().replacingAll("-", with: "_")
        for candidate in [module, name] where !candidate.isEmpty && SafeText.path(candidate) {
            if context.has(context.join(folder, candidate + "/__init__.py")) { return " " + candidate }
            if context.has(context.join(folder, candidate + ".py")) { return " \(candidate).py" }
        }
        return context.has(context.join(folder, "app/__init__.py")) ? " app" : nil
    }

    /// In a folder of tests or of the package itself; projects that tests work on have tests too.
    private static func isOwn(_ path: String, _ folder: String, _ context: DetectionContext) -> Bool {
        guard let top = path.split(separator: "/").first.map(String.init), top != path else { return true }
        return ["tests", "test", "src"].contains(top) || context.has(context.join(folder, context.join(top, "__init__.py")))
    }

    private static func isTest(_ path: String) -> Bool {
        let name = DetectionContext.name(of: path)
        return name.hasPrefix("test") && name.hasSuffix(".py") || name.hasSuffix("_test.py")
    }

    /// Names of packages that the manifests of a folder declare.
    static func declared(in folder: String, _ context: DetectionContext) -> Set<String> {
        PythonPackages(in: folder, context).all
    }

    static func pytestEvidence(_ folder: String, _ project: TOMLDocument?, _ declared: Set<String>, _ context: DetectionContext)
        -> Evidence?
    {
        if let line = project?.line(of: "tool.pytest") { return Evidence(context.join(folder, "pyproject.toml"), line) }
        if let path = context.first(["pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py"], in: folder) {
            return Evidence(path)
        }
        for (name, header) in [("setup.cfg", "[tool:pytest]"), ("tox.ini", "[pytest]")] {
            let path = context.join(folder, name)
            if let line = context.line(in: path, where: { $0.hasPrefix(header) }) { return Evidence(path, line.number) }
        }
        guard declared.contains("pytest") else {
            for name in ["tox.ini", "noxfile.py"] {
                if let line = context.line(in: context.join(folder, name), where: { $0.holds("pytest") }) {
                    return Evidence(context.join(folder, name), line.number)
                }
            }
            return nil
        }
        for path in context.entries(of: folder) + context.entries(of: context.join(folder, "requirements")) {
            let name = DetectionContext.name(of: path)
            guard name.hasSuffix(".txt") || name.hasSuffix(".in") || ["pyproject.toml", "Pipfile", "setup.py", "setup.cfg"].contains(name)
            else { continue }
            if let line = context.line(in: path, where: { $0.holds("pytest") }) { return Evidence(path, line.number) }
        }
        return nil
    }

    /// The version an application runs on, in its job and in its image: the one it names, or the oldest living one inside its bounds.
    static func runtime(of component: Component) -> String {
        guard let version = component.version?.value else { return "3.13" }
        if version.allSatisfy({ $0.isNumber || $0 == "." }), let minor = version.firstVersion { return self.minor(minor) }
        let lead = version.hasPrefix("^") || version.hasPrefix("~") ? ">=" + version.dropFirst() : version
        let fitting = matrix(lead)
        return (component.role.value == .application ? fitting.first : fitting.last) ?? version.firstVersion.map(minor) ?? "3.13"
    }

    private static func setStart(_ component: inout Component, _ context: DetectionContext) {
        let folder = component.path
        // What makes an application object is started by a server; the file alone would end at once.
        let packages = declared(in: folder, context)
        for (name, module) in [("app/main.py", "app.main"), ("src/main.py", "src.main"), ("main.py", "main"), ("app.py", "app")] {
            let path = context.join(folder, name)
            guard packages.contains("uvicorn") || packages.contains("fastapi"),
                let line = context.line(in: path, where: { $0.hasPrefix("app = ") || $0.hasPrefix("app: ") })
            else { continue }
            component.start = Sourced(["uvicorn", "\(module):app", "--host", "0.0.0.0", "--port", "8080"], Evidence(path, line.number))
            return
        }
        // The application's own server goes before the developer's.
        for name in ["wsgi.py", "app.py", "main.py"] where packages.contains("gunicorn") {
            let path = context.join(folder, name)
            guard let line = context.line(in: path, where: { $0.hasPrefix("app = ") || $0.hasPrefix("application = ") }) else { continue }
            let object = line.text.prefix { $0 != " " }
            // It listens where PORT says. Source: docs.gunicorn.org/en/stable/settings.html (bind)
            component.start = Sourced(["gunicorn", "\(name.dropLast(3)):\(object)"], Evidence(path, line.number))
            return
        }
        if let path = context.first(["app.py", "main.py"], in: folder) {
            component.start = Sourced(["python", DetectionContext.name(of: path)], Evidence(path))
        }
    }
}
