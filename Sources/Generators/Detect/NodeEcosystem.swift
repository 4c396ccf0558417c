import Text

/// npm, pnpm, Yarn classic and berry, Bun.
enum NodeEcosystem: Ecosystem {
    static let manifests = ["package.json"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard let package = context.tree(manifest), package.mapping != nil else { return nil }
        let manager = packageManager(folder, manifest, package, context, &conflicts)
        var component = Component(
            path: folder, language: Sourced(.node, Evidence(manifest)), packageManager: manager.manager, role: role(package, manifest))
        component.lockFile = manager.lock
        component.traits["package-manager-version"] = manager.version
        setVersion(&component, package, manifest, context, &conflicts)
        component.commands = commands(component, package, manifest)
        let isTest = { (path: String) in [".test.ts", ".test.tsx", ".test.js", ".spec.ts", ".spec.js"].contains(where: path.hasSuffix) }
        if manager.manager.value == .bun, component.commands(.test).isEmpty, let path = context.firstBelow(folder, where: isTest) {
            component.commands.append(ComponentCommand(.test, "bun test", Evidence(context.join(folder, path))))
        }
        if package["workspaces"] != nil || context.has(context.join(folder, "pnpm-workspace.yaml")) {
            component.traits["workspace"] = "yes"
            component.traits["needs-sources"] = "yes"
        }
        setImageFiles(&component, package, context)
        if let build = NodeImageBuild.choice(component, context) {
            component.imageBuild = build.lines
            component.imageNotes += [build.note].compactMap { $0 }
        }
        // `start` may be for who works on it, when there is another for what was built.
        let built = ["start:prod", "start:production", "serve:prod"].lazy.compactMap { package[path: "scripts", $0] }.first {
            ($0.string ?? "").hasPrefix("node ")
        }
        if let start = built ?? package[path: "scripts", "start"] {
            // `node file` alone can be process 1 of a container; npm passes no signals on.
            let words = (start.string ?? "").split(separator: " ").map(String.init)
            let isPlain = words.first == "node" && words.allSatisfy { SafeText.path($0) || $0.hasPrefix("--") }
            let runner = manager.manager.value == .bun ? ["bun", "run", "start"] : ["npm", "start"]
            component.start = Sourced(isPlain && manager.manager.value != .bun ? words : runner, context.evidence(manifest, start))
            component.traits["site"] = site(words)
        } else if let main = package["main"], let name = main.string {
            component.start = Sourced([manager.manager.value == .bun ? "bun" : "node", name], context.evidence(manifest, main))
        }
        component.traits["prune"] = prune(component, package)
        return component
    }

    /// What takes packages of the development out again once the build is done; `nil` where the start may need them, or where the manager
    /// would run the project's own scripts again.
    private static func prune(_ component: Component, _ package: YAMLNode) -> String? {
        let names = Set((package["devDependencies"]?.mapping ?? []).compactMap(\.key.text))
        guard !names.isEmpty, component.traits["workspace"] == nil, let start = component.start?.value else { return nil }
        let runsScript = start == ["npm", "start"]
        let script = package[path: "scripts", "start"]?.string ?? ""
        let words = runsScript ? ShellWords.commands(script).flatMap { $0 } : start
        let programs = words.filter { !$0.contains("=") && !$0.hasPrefix("-") && !["npx", "cross-env", "exec"].contains($0) }
        let parts = Set(words.flatMap { $0.split(separator: "=") }.flatMap { [String($0), String($0.split(separator: "/").first ?? "")] })
        let installed = Set((package["dependencies"]?.mapping ?? []).compactMap(\.key.text))
        guard let program = programs.first, program == "node" || installed.contains(program), parts.isDisjoint(with: names) else {
            return nil
        }
        switch component.packageManager.value {
        case .npm: return "npm prune --omit=dev --ignore-scripts"
        // These two make the folder anew in which Prisma's generated client lies.
        case .pnpm where component.traits["needs-sources"] == nil && !installed.contains("@prisma/client"):
            return "CI=true pnpm prune --prod"
        case .yarnClassic where component.traits["needs-sources"] == nil && !installed.contains("@prisma/client"):
            let install = "yarn install --production\(component.lockFile == nil ? "" : " --frozen-lockfile")"
            return "--mount=type=cache,target=/usr/local/share/.cache/yarn \(install)"
        default: return nil
        }
    }

    /// Where the builder of a site leaves it, for a `start` that only serves it to whoever works on it; empty where that is not known.
    private static func site(_ start: [String]) -> String? {
        let builders = [
            "eleventy": "_site", "react-scripts": "build", "vite": "dist", "astro": "dist", "docusaurus": "build", "gatsby": "public",
            "vue-cli-service": "dist", "parcel": "dist", "ng": "", "webpack": "", "webpack-dev-server": "", "vitepress": "",
            "hexo": "public",
        ]
        let words = start.filter { !$0.contains("=") && !["npx", "cross-env", "env-cmd"].contains($0) }
        return words.first.flatMap { builders[DetectionContext.name(of: $0)] }
    }

    /// What an install reads beside manifest and lock file.
    private static func setImageFiles(_ component: inout Component, _ package: YAMLNode, _ context: DetectionContext) {
        let folder = component.path
        let names = [".npmrc", ".yarnrc.yml", ".yarnrc", "bunfig.toml"].filter { context.has(context.join(folder, $0)) }
        component.traits["settings"] = names.isEmpty ? nil : names.joined(separator: " ")
        let settings = context.join(folder, ".yarnrc.yml")
        let isBundled = context.line(in: settings) { $0.hasPrefix("yarnPath:") || $0.hasPrefix("plugins:") } != nil
        let hooks = ["preinstall", "install", "postinstall", "prepare"].contains { package[path: "scripts", $0] != nil }
        let hasPatches = package[path: "pnpm", "patchedDependencies"] != nil
        if isBundled || hooks || hasPatches { component.traits["needs-sources"] = "yes" }
    }

    private static let locks: [(name: String, manager: PackageManager)] = [
        ("package-lock.json", .npm), ("npm-shrinkwrap.json", .npm), ("pnpm-lock.yaml", .pnpm), ("yarn.lock", .yarnClassic),
        ("bun.lock", .bun),
        ("bun.lockb", .bun),
    ]

    private static func packageManager(
        _ folder: String, _ manifest: String, _ package: YAMLNode, _ context: DetectionContext, _ conflicts: inout [ModelConflict]
    ) -> (manager: Sourced<PackageManager>, lock: String?, version: String?) {
        let present = locks.compactMap { lock in
            context.first([lock.name], in: folder).map { path in (path, lock.manager == .yarnClassic ? yarn(path, context) : lock.manager) }
        }
        if let field = package["packageManager"], let text = field.string, let named = named(text) {
            let version = text.split(separator: "@").dropFirst().first.map { String($0.prefix { $0 != "+" }) }
            let lock = present.first { Detection.sameTool($0.1, named) }?.0
            return (Sourced(named, context.evidence(manifest, field)), lock, version)
        }
        let managers = Set(present.map(\.1))
        if managers.count > 1 {
            conflicts.append(
                ModelConflict(
                    component: folder, field: "package_manager",
                    message:
                        "lock files of \(managers.map(\.rawValue).sorted().joined(separator: " and ")) stand side by side; remove all but one, or name one under 'packageManager' in \(manifest)",
                    evidence: present.map { Evidence($0.0, 1) }))
        }
        if let (path, manager) = present.first { return (Sourced(manager, Evidence(path, 1)), path, nil) }
        if context.has(context.join(folder, "pnpm-workspace.yaml")) {
            return (Sourced(.pnpm, Evidence(context.join(folder, "pnpm-workspace.yaml"))), nil, nil)
        }
        if let path = context.first([".yarnrc.yml"], in: folder) { return (Sourced(.yarnBerry, Evidence(path)), nil, nil) }
        if let path = context.first(["bunfig.toml"], in: folder) { return (Sourced(.bun, Evidence(path)), nil, nil) }
        return (Sourced(.npm, Evidence(manifest)), nil, nil)
    }

    private static func yarn(_ path: String, _ context: DetectionContext) -> PackageManager {
        context.line(in: path, where: { $0.hasPrefix("__metadata:") }) == nil ? .yarnClassic : .yarnBerry
    }

    /// `pnpm@9.1.0+sha…` and its like.
    private static func named(_ text: String) -> PackageManager? {
        let parts = text.split(separator: "@")
        switch parts.first {
        case "npm": return .npm
        case "pnpm": return .pnpm
        case "bun": return .bun
        case "yarn": return (parts.dropFirst().first.flatMap { String($0).leadingNumber } ?? 1) >= 2 ? .yarnBerry : .yarnClassic
        default: return nil
        }
    }

    private static func role(_ package: YAMLNode, _ manifest: String) -> Sourced<ComponentRole> {
        if let field = package["private"], field.bool == true { return Sourced(.application, Evidence(manifest, field.start.line)) }
        // What is started and says nothing of those who would import it runs by itself.
        if let start = package[path: "scripts", "start"],
            !["exports", "module", "types", "files", "bin"].contains(where: { package[$0] != nil })
        {
            return Sourced(.application, Evidence(manifest, start.start.line))
        }
        for key in ["exports", "module", "types", "files", "main", "bin"] {
            if let field = package[key] { return Sourced(.library, Evidence(manifest, field.start.line)) }
        }
        return Sourced(.application, Evidence(manifest))
    }

    private static func setVersion(
        _ component: inout Component, _ package: YAMLNode, _ manifest: String, _ context: DetectionContext,
        _ conflicts: inout [ModelConflict]
    ) {
        var found = VersionFiles.plain([".nvmrc", ".node-version"], in: component.path, context)
        if let tool = VersionFiles.tool(["nodejs", "node"], in: component.path, context) { found.append(tool) }
        if let conflict = VersionFiles.conflict(found, component.path, same: { $0.leadingNumber == $1.leadingNumber }) {
            conflicts.append(conflict)
        }
        if let first = found.first {
            component.version = Sourced(first.version, Evidence(first.path, first.line))
            component.versionFile = first.path
        } else if let volta = package[path: "volta", "node"], let text = volta.string {
            component.version = Sourced(text, context.evidence(manifest, volta))
            component.versionFile = manifest
        } else if let engines = package[path: "engines", "node"], let text = engines.string {
            // Of a range an application takes one, so that its job and its image agree.
            let fitting = ["24", "22", "26"].first(where: VersionConstraint(text).allows)
            let isApplication = component.role.value == .application
            component.version = Sourced(isApplication ? fitting ?? text : text, context.evidence(manifest, engines))
            component.traits["version-range"] = isApplication ? text : nil
        }
        // Bun's jobs have no Node.js whose version could differ.
        guard component.role.value == .library, component.versionFile == nil, component.packageManager.value != .bun else { return }
        let least = component.version?.value.leadingNumber ?? 0
        let versions = ["22", "24", "26"].filter { (Int($0) ?? 0) >= least }
        if versions.count > 1 { component.matrix = Sourced(versions, component.version?.because ?? component.role.because) }
    }

    /// A script of another name that calls a linter and leaves the sources as they are.
    private static func isLinter(_ script: YAMLPair) -> Bool {
        let words = (script.value.text ?? "").split(separator: " ")
        if script.key.text == "test" || words.contains("&&") { return false }
        guard let program = words.first, !words.contains(where: { $0.hasPrefix("--fix") || $0 == "--write" }) else { return false }
        if program == "biome" { return words.dropFirst().first.map { ["check", "lint", "ci"].contains($0) } ?? false }
        return ["eslint", "oxlint", "xo", "standard"].contains(program)
    }

    private static func commands(_ component: Component, _ package: YAMLNode, _ manifest: String) -> [ComponentCommand] {
        var commands: [ComponentCommand] = []
        let hasDependencies = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces"].contains {
            package[$0].map { ($0.mapping?.isEmpty ?? true) == false || $0.sequence != nil } ?? false
        }
        if hasDependencies || component.lockFile != nil {
            let because = component.lockFile.map { Evidence($0, 1) } ?? Evidence(manifest)
            commands.append(ComponentCommand(.install, install(component), because))
        }
        let scripts = package["scripts"]?.mapping ?? []
        func script(_ names: [String]) -> YAMLPair? {
            names.lazy.compactMap { name in
                scripts.first { $0.key.text == name && !isPlaceholder($0.value.text ?? "") && !isForeign($0.value.text ?? "") }
            }.first
        }
        for (purpose, names) in [
            (ComponentCommand.Purpose.lint, ["lint", "lint:check", "eslint"]),
            (.typecheck, ["typecheck", "type-check", "check-types", "types:check", "test:types", "tsc"]), (.build, ["build", "compile"]),
            (.test, ["test", "test:unit", "unit", "test:ci", "vitest", "jest"]),
        ] {
            let named = purpose == .lint ? script(names) ?? scripts.first(where: isLinter) : script(names)
            guard let pair = named, let name = pair.key.text, SafeText.path(name.replacingAll(":", with: "-")) else { continue }
            let line = run(name, component.packageManager.value) + ending(of: pair.value.string ?? "", component, package)
            commands.append(ComponentCommand(purpose, line, Evidence(manifest, pair.key.start.line)))
        }
        return commands
    }

    /// Angular's tests wait for changes and open a window unless told otherwise. Source: angular.dev/cli/test
    private static func ending(of script: String, _ component: Component, _ package: YAMLNode) -> String {
        let words = script.split(separator: " ")
        guard words.count >= 2, words.starts(with: ["ng", "test"]), !script.contains("&"), !script.contains("|"), !script.contains(";")
        else {
            return ""
        }
        var options: [String] = []
        if !script.contains("--watch") && !script.contains("--no-watch") { options.append("--watch=false") }
        let usesKarma = package[path: "devDependencies", "karma"] != nil || package[path: "dependencies", "karma"] != nil
        if usesKarma, !script.contains("--browsers") { options.append("--browsers=ChromeHeadless") }
        // The others pass on what follows a script's name as it is.
        let mark = component.packageManager.value == .npm ? " --" : ""
        return options.isEmpty ? "" : mark + options.map { " " + $0 }.joined()
    }

    /// Calls what another language's packages bring, which a job of this one does not have.
    private static func isForeign(_ script: String) -> Bool {
        let programs = ["artisan", "composer", "bundle", "mix", "poetry", "pytest", "bin/rails", "pipenv"]
        return ShellWords.commands(script).contains { words in
            guard let first = words.first else { return false }
            return programs.contains(first) || first.replacingFirst("./", "").hasPrefix("vendor/bin/")
                || first == "php" && words.dropFirst().first == "artisan"
        }
    }

    private static func isPlaceholder(_ script: String) -> Bool { script.contains("no test specified") || script.isEmpty }

    private static func install(_ component: Component) -> String {
        let isLocked = component.lockFile != nil
        switch component.packageManager.value {
        case .pnpm: return isLocked ? "pnpm install --frozen-lockfile" : "pnpm install"
        case .yarnClassic: return isLocked ? "yarn install --frozen-lockfile" : "yarn install"
        case .yarnBerry: return isLocked ? "yarn install --immutable" : "yarn install"
        case .bun: return isLocked ? "bun install --frozen-lockfile" : "bun install"
        default: return isLocked ? "npm ci" : "npm install"
        }
    }

    /// A program of the project's packages.
    static func execute(_ words: String, _ manager: PackageManager) -> String {
        switch manager {
        case .pnpm: "pnpm exec \(words)"
        case .yarnClassic, .yarnBerry: "yarn run \(words)"
        case .bun: "bunx \(words)"
        default: "npx \(words)"
        }
    }

    static func run(_ script: String, _ manager: PackageManager) -> String {
        switch manager {
        case .pnpm: script == "test" ? "pnpm test" : "pnpm run \(script)"
        case .yarnClassic, .yarnBerry: script == "test" ? "yarn test" : "yarn run \(script)"
        case .bun: "bun run \(script)"
        default: script == "test" ? "npm test" : "npm run \(script)"
        }
    }
}

extension Detection {
    /// Yarn's lock file is the same for both of its lines.
    static func sameTool(_ a: PackageManager, _ b: PackageManager) -> Bool {
        let yarn: Set<PackageManager> = [.yarnClassic, .yarnBerry]
        return a == b || yarn.isSuperset(of: [a, b])
    }
}
