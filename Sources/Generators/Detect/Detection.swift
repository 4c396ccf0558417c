import Text

/// A kind of project: one file and a line in `EcosystemRegistry`.
protocol Ecosystem: Sendable {
    /// Files that make a folder a project of this kind; a leading `*` matches any beginning.
    static var manifests: [String] { get }
    /// The component in `folder`; `nil` when the manifest turns out to mean nothing.
    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
}

enum EcosystemRegistry {
    static let all: [any Ecosystem.Type] = [
        NodeEcosystem.self, DenoEcosystem.self, PythonEcosystem.self, GoEcosystem.self, RustEcosystem.self, MavenEcosystem.self,
        GradleEcosystem.self, RubyEcosystem.self, PHPEcosystem.self, DotNetEcosystem.self, SwiftEcosystem.self, ElixirEcosystem.self,
        CMakeEcosystem.self, MesonEcosystem.self, AutotoolsEcosystem.self, MakeEcosystem.self, StaticSiteEcosystem.self,
        LooseSourcesEcosystem.self,
    ]
}

/// Evidence into a model. Pure: the same files give the same model.
package enum Detection {
    package static func model(of files: any RepositoryFiles) -> RepositoryModel {
        let context = DetectionContext(files)
        var model = RepositoryModel()
        model.fileCount = files.paths.count
        model.skipped = files.skipped.prefix(50).map { "\($0.path): \($0.reason)" }
        model.containerFiles = files.paths.filter { isContainerFile($0) }
        model.composeFiles = files.paths.filter {
            ["compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"].contains($0)
        }
        model.workflowFiles = files.paths.filter(CIFiles.isWorkflow)
        model.components = components(context, &model.conflicts)
        let jobs = CIFiles.jobs(context)
        Submodules.apply(jobs, to: &model, context)
        RepositoryConfiguration.apply(to: &model, context)
        ExistingCI.apply(jobs, to: &model, context)
        for index in model.components.indices {
            ImageVersions.apply(to: &model.components[index], context)
            ElixirEcosystem.setErlang(&model.components[index], context)
            DotNetEcosystem.restoreWhatIsBuilt(&model.components[index])
            TaskRunners.apply(to: &model.components[index], context)
            PythonTools.bring(to: &model.components[index], context)
            Services.apply(to: &model.components[index], context)
            PythonTools.prepare(&model.components[index], context)
            Ports.apply(to: &model.components[index], context)
        }
        leaveServicesToApplications(&model.components)
        name(&model.components)
        return model
    }

    /// Pages beside an application in another language are built and tested without its servers.
    private static func leaveServicesToApplications(_ components: inout [Component]) {
        let served = Set(components.filter { $0.role.value == .application && $0.language.value != .node }.map(\.path))
        for index in components.indices where components[index].language.value == .node && served.contains(components[index].path) {
            components[index].services = []
            components[index].environment = []
            components[index].commands.removeAll { $0.purpose == .install && $0.line.hasPrefix("cp ") }
        }
    }

    private static func isContainerFile(_ path: String) -> Bool {
        let name = DetectionContext.name(of: path)
        return name == "Dockerfile" || name == "Containerfile" || name.hasPrefix("Dockerfile.")
    }

    /// Folders of examples, fixtures and documentation hold projects that are not the repository's own.
    private static let auxiliary: Set<String> = [
        "example", "examples", "sample", "samples", "demo", "demos", "test", "tests", "testdata", "__tests__", "fixture", "fixtures",
        "spec",
        "docs", "doc", "documentation", "website", "benchmark", "benchmarks", "bench", "fuzz", "tools", "scripts", "script", "hack",
        "contrib",
        "template", "templates", "integration", "e2e", "playground", "ci", "build", "misc", "etc", "resources", "testing", "perf",
        "internal", "cmake", "dev", "extra", "extras", "packaging", "bindings", "src",
    ]

    /// Below a folder of tests, samples or fixtures; `docker`, `src` and the like may hold what is shipped.
    static func isAuxiliary(_ path: String) -> Bool {
        path.split(separator: "/").dropLast().contains { aside.contains($0.lowercased()) || $0.hasPrefix(".") }
    }

    private static let aside: Set<String> = [
        "example", "examples", "sample", "samples", "demo", "demos", "test", "tests", "testdata", "__tests__", "fixture", "fixtures",
        "spec",
        "docs", "doc", "documentation", "website", "benchmark", "benchmarks", "bench", "fuzz", "template", "templates", "integration",
        "e2e",
        "playground", "testing", "integration_tests", "test-fixtures", "mocks",
    ]

    private static func components(_ context: DetectionContext, _ conflicts: inout [ModelConflict]) -> [Component] {
        var found: [Component] = []
        var roots: [(path: String, ecosystem: any Ecosystem.Type)] = []
        for folder in candidateFolders(context) {
            for ecosystem in EcosystemRegistry.all {
                guard let manifest = manifest(of: ecosystem, in: folder, context) else { continue }
                // A module of a project found already, whatever stands in it.
                if ecosystem != MakeEcosystem.self, roots.contains(where: { $0.ecosystem == ecosystem && isBelow(folder, $0.path) }) {
                    continue
                }
                guard let component = ecosystem.component(in: folder, manifest: manifest, context, &conflicts) else { continue }
                if isCovered(component, by: found) || isStray(component, beside: found) || isBinding(component, of: found) { continue }
                found.append(component)
                roots.append((folder, ecosystem))
            }
        }
        return Preference.reduced(found, context)
    }

    private static func manifest(of ecosystem: any Ecosystem.Type, in folder: String, _ context: DetectionContext) -> String? {
        for pattern in ecosystem.manifests {
            if pattern.hasPrefix("*") {
                if let hit = context.entries(of: folder).first(where: { $0.hasSuffix(pattern.dropFirst()) }) { return hit }
            } else if context.has(context.join(folder, pattern)) {
                return context.join(folder, pattern)
            }
        }
        return nil
    }

    /// The root, then folders at most two down that are not auxiliary.
    private static func candidateFolders(_ context: DetectionContext) -> [String] {
        let near = context.folders(depth: 2)
        let all = near.filter { folder in
            folder.split(separator: "/").allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("_") && !auxiliary.contains($0.lowercased()) }
        }
        let shallow = all.filter { !$0.contains("/") }
        let deep = all.filter { $0.contains("/") }
        // A source folder counts only when the root itself is no project.
        let source = near.filter { $0.lowercased() == "src" }
        return [""] + shallow.filter { !$0.isEmpty } + deep + source
    }

    /// A project below another of the same kind belongs to it: workspaces, modules, sub-packages.
    private static func isCovered(_ component: Component, by found: [Component]) -> Bool {
        found.contains { other in
            isBelow(component.path, other.path) && family(other.language.value) == family(component.language.value)
        }
    }

    private static func isBelow(_ folder: String, _ other: String) -> Bool {
        other.isEmpty || folder == other || folder.hasPrefix(other + "/")
    }

    /// Below a project's root only folders named like parts of a product count: other languages there are bindings, tools or samples.
    private static let parts: Set<String> = [
        "frontend", "front", "backend", "back", "client", "server", "web", "webapp", "webui", "ui", "api", "app", "apps", "packages",
        "services",
        "service",
        "assets", "mobile", "android", "ios", "desktop", "cli", "worker", "workers", "admin", "dashboard", "functions", "lambda", "infra",
        "gateway",
        "portal",
    ]

    /// A library's folder for a system of devices makes it usable there.
    private static func isBinding(_ component: Component, of found: [Component]) -> Bool {
        let folder = component.path.split(separator: "/").first ?? ""
        let root = found.filter { $0.path.isEmpty }
        return ["android", "ios"].contains(folder) && !root.isEmpty && root.allSatisfy { $0.role.value == .library }
    }

    private static func isStray(_ component: Component, beside found: [Component]) -> Bool {
        guard !component.path.isEmpty, found.contains(where: { $0.path.isEmpty && $0.language.value != .html }) else { return false }
        let folder = component.path.split(separator: "/").first.map { $0.lowercased() } ?? ""
        // `src-ui` and `admin-frontend` are such parts, `test-server` is none.
        let words = Set(folder.split { $0 == "-" || $0 == "_" || $0 == "." }.map(String.init))
        return parts.isDisjoint(with: words) || !aside.isDisjoint(with: words)
    }

    static func family(_ language: Language) -> String {
        switch language {
        case .java, .kotlin: "jvm"
        case .c, .cpp: "c"
        case .node, .deno: "javascript"
        default: language.rawValue
        }
    }

    private static func name(_ components: inout [Component]) {
        for index in components.indices {
            let path = components[index].path
            if components.count == 1 {
                components[index].name = "test"
            } else if path.isEmpty {
                components[index].name = components[index].language.value.rawValue
            } else {
                components[index].name = String(path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
            }
        }
    }
}

/// Which of several components are the repository's own work.
enum Preference {
    /// Root manifests that only carry tools (a linter's `package.json` in a Python project) give way to the real one.
    static func reduced(_ found: [Component], _ context: DetectionContext) -> [Component] {
        var kept = found
        if kept.count > 1 {
            let strong = kept.filter { isStrong($0, among: kept, context) }
            if !strong.isEmpty { kept = strong }
        }
        // A Makefile or page beside a real build system is its helper.
        let weakManagers: Set<PackageManager> = [.make, .none]
        if kept.contains(where: { !weakManagers.contains($0.packageManager.value) }) {
            kept.removeAll { weakManagers.contains($0.packageManager.value) }
        }
        return kept
    }

    /// Swift and C are built by each other's systems too: what most sources are is what the project is.
    private static func isMinority(_ component: Component, among found: [Component], _ context: DetectionContext) -> Bool {
        let native: Set<Language> = [.c, .cpp]
        let isSwift = component.language.value == .swift
        guard
            found.contains(where: {
                $0.path == component.path && (isSwift ? native.contains($0.language.value) : $0.language.value == .swift)
            })
        else { return false }
        var swift = 0
        var c = 0
        for path in context.files(below: component.path, where: { !Detection.isAuxiliary($0) }) {
            if path.hasSuffix(".swift"), !DetectionContext.name(of: path).hasPrefix("Package") { swift += 1 }
            if NativeLanguage.isSource(path) || [".h", ".hpp"].contains(where: path.hasSuffix) { c += 1 }
        }
        return isSwift ? swift < c : swift > 0 && c <= swift
    }

    private static func isStrong(_ component: Component, among found: [Component], _ context: DetectionContext) -> Bool {
        switch component.language.value {
        case .node:
            let hasTest = component.commands.contains { $0.purpose == .test || $0.purpose == .build }
            return hasTest && hasSources(component.path, [".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"], context)
        case .python:
            // A list of requirements alone serves the documentation or the tests of something else.
            let isBare =
                DetectionContext.name(of: component.language.because.path) == "requirements.txt"
                && component.role.because.path == component.language.because.path
            return !isBare && hasSources(component.path, [".py"], context)
        // What neither tests nor checks anything lends itself to other languages' users.
        case .php: return component.role.value == .application || component.commands.contains { $0.purpose != .install }
        case .ruby:
            // Tests in Ruby of a program in another language.
            let isOnlyTests = context.firstBelow(component.path) { $0.hasSuffix(".rb") && !Detection.isAuxiliary($0) } == nil
            return hasSources(component.path, [".rb"], context)
                && !(isOnlyTests && found.contains { $0.path == component.path && $0.language.value != .ruby })
        // Other languages' libraries carry a manifest so that Swift packages can use them.
        case .swift:
            let isSource = { (path: String) in path.hasSuffix(".swift") && !DetectionContext.name(of: path).hasPrefix("Package") }
            return context.firstBelow(component.path, where: isSource) != nil && !isMinority(component, among: found, context)
        case .c, .cpp:
            return !isMinority(component, among: found, context)
                && hasSources(component.path, [".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"], context)
        default: return true
        }
    }

    private static func hasSources(_ folder: String, _ endings: [String], _ context: DetectionContext) -> Bool {
        let skip = ["docs/", "doc/", "website/", "examples/", "scripts/", ".github/", "tools/"]
        return context.firstBelow(folder) { path in endings.contains(where: path.hasSuffix) && !skip.contains(where: path.hasPrefix) }
            != nil
    }
}
