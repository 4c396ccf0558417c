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
        component.commands = installs(component, manifest, project, context) + checks(component, project, context)
        takeTestPackages(&component, project)
        takeMembers(&component, context)
        setStart(&component, context)
        // Their pure sources find libraries of the system when they are loaded.
        let native: Set<String> = ["psycopg2", "psycopg", "mysqlclient", "pylibmc", "pycurl", "python-ldap", "weasyprint", "python-magic"]
        if !native.isDisjoint(with: declared(folder, project, context)) { component.traits["needs-libraries"] = "yes" }
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
        var commands: [ComponentCommand] = []
        let requirements = [
            "requirements.txt", "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "requirements-test.txt",
            "requirements-tests.txt",
            "test-requirements.txt", "requirements_test.txt", "requirements/dev.txt", "requirements/development.txt",
            "requirements/test.txt", "requirements/tests.txt",
        ]
        for name in requirements where context.has(context.join(folder, name)) {
            commands.append(ComponentCommand(.install, "python -m pip install -r \(name)", Evidence(context.join(folder, name))))
        }
        let isPackage =
            context.has(context.join(folder, "setup.py")) || project?.line(of: "build-system") != nil || project?.line(of: "project") != nil
        if isPackage, component.role.value == .library {
            let pyproject = context.join(folder, "pyproject.toml")
            let extras = project?.keys(under: "project.optional-dependencies") ?? []
            if let extra = ["test", "tests", "testing", "dev"].first(where: extras.contains) {
                commands.append(
                    ComponentCommand(
                        .install, "python -m pip install -e '.[\(extra)]'",
                        Evidence(pyproject, project?.line(of: "project.optional-dependencies"))))
            } else if let group = ["test", "tests", "dev"].first(where: { (project?.keys(under: "dependency-groups") ?? []).contains($0) })
            {
                commands.append(
                    ComponentCommand(
                        .install, "python -m pip install -e . --group \(group)", Evidence(pyproject, project?.line(of: "dependency-groups"))
                    ))
            } else {
                commands.append(
                    ComponentCommand(
                        .install, "python -m pip install -e .", Evidence(project == nil ? context.join(folder, "setup.py") : pyproject)))
            }
        }
        return commands
    }

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
        let everything = declared(component.path, project, context)
        if let line = project?.line(of: "tool.ruff") {
            commands.append(ComponentCommand(.lint, lint("ruff check .", everything.contains("ruff"), run), Evidence(pyproject, line)))
        } else if let path = context.first(["ruff.toml", ".ruff.toml"], in: folder) {
            commands.append(ComponentCommand(.lint, lint("ruff check .", everything.contains("ruff"), run), Evidence(path)))
        } else if let path = context.first([".flake8"], in: folder), everything.contains("flake8") {
            commands.append(ComponentCommand(.lint, run + "flake8", Evidence(path)))
        }
        if everything.contains("mypy"), let line = project?.line(of: "tool.mypy") {
            commands.append(ComponentCommand(.typecheck, run + "mypy", Evidence(pyproject, line)))
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

    private static func lint(_ command: String, _ isDeclared: Bool, _ run: String) -> String {
        isDeclared ? run + command : run == "uv run " ? "uvx " + command : "pipx run " + command
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
        let project = context.toml(context.join(folder, "pyproject.toml"))
        return declared(folder, project, context)
    }

    /// Names of packages any manifest declares.
    static func declared(_ folder: String, _ project: TOMLDocument?, _ context: DetectionContext) -> Set<String> {
        var names: Set<String> = []
        func add(_ requirement: some StringProtocol) {
            let name = requirement.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
            if !name.isEmpty { names.insert(name.lowercased()) }
        }
        if let project {
            for path in project.entries.keys
            where path.hasPrefix("project.optional-dependencies.") || path.hasPrefix("dependency-groups.") || path == "project.dependencies"
                || path == "tool.uv.dev-dependencies" || path.hasPrefix("tool.pdm.dev-dependencies.")
            {
                project.strings(path).forEach { add($0) }
            }
            for table in project.tables.keys where table.hasPrefix("tool.poetry.") && table.hasSuffix("dependencies") {
                project.keys(under: table).forEach { add($0) }
            }
        }
        for path in context.entries(of: folder) + context.entries(of: context.join(folder, "requirements")) {
            let name = DetectionContext.name(of: path)
            guard name.contains("requirements") && (name.hasSuffix(".txt") || name.hasSuffix(".in")) || path.contains("requirements/")
            else { continue }
            context.lines(path).forEach { add($0) }
        }
        if let pipfile = context.toml(context.join(folder, "Pipfile")) {
            (pipfile.keys(under: "packages") + pipfile.keys(under: "dev-packages")).forEach { add($0) }
        }
        return names
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
        if let path = context.first(["app.py", "main.py"], in: folder) {
            component.start = Sourced(["python", DetectionContext.name(of: path)], Evidence(path))
        }
    }
}
