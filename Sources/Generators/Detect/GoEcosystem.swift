import Text

enum GoEcosystem: Ecosystem {
    static let manifests = ["go.mod", "go.work"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        // Bytes under this name are no module.
        guard context.text(manifest) != nil else { return nil }
        // A program below may be a module of its own, which this one cannot build.
        let main =
            context.firstBelow(folder, depth: 2) { path in
                guard path == "main.go" || path.hasPrefix("cmd/") && path.hasSuffix("main.go") else { return false }
                let parts = DetectionContext.folder(of: path).split(separator: "/")
                return !parts.indices.contains { context.has(context.join(folder, parts[...$0].joined(separator: "/") + "/go.mod")) }
            } ?? mainAtRoot(folder, context) ?? mainBelow(folder, context)
        let released = released(folder, context)
        let role: Sourced<ComponentRole> =
            main.map { Sourced(.application, Evidence(context.join(folder, $0))) }
            ?? released.map { Sourced(.application, $0.because) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.go, Evidence(manifest)), packageManager: Sourced(.go, Evidence(manifest)), role: role)
        if let line = context.line(in: manifest, where: { $0.hasPrefix("go ") }) {
            component.version = Sourced(String(line.text.dropFirst(3)).filter { !$0.isWhitespace }, Evidence(manifest, line.number))
        }
        component.versionFile = manifest
        component.lockFile = context.first(["go.sum", "go.work.sum"], in: folder)
        let because = Evidence(manifest)
        if let lock = component.lockFile { component.commands.append(ComponentCommand(.install, "go mod download", Evidence(lock))) }
        component.commands += [
            ComponentCommand(.lint, "go vet ./...", because), ComponentCommand(.build, "go build ./...", because),
            ComponentCommand(.test, "go test ./...", because),
        ]
        if let main {
            component.traits["main"] = main.contains("/") ? "./" + DetectionContext.folder(of: main) : "."
        } else {
            component.traits["main"] = released?.value
        }
        if role.value == .library { component.matrix = matrix(component.version) }
        return component
    }

    /// A module without a package of its own at its root is made of its programs.
    private static func mainBelow(_ folder: String, _ context: DetectionContext) -> String? {
        guard !context.entries(of: folder).contains(where: { $0.hasSuffix(".go") }) else { return nil }
        let aside: Set<String> = ["tools", "tooling", "tool", "hack", "scripts", "internal", "gen", "build"]
        return context.firstBelow(folder, depth: 4) { path in
            let parts = path.split(separator: "/").map(String.init)
            return parts.last == "main.go" && aside.isDisjoint(with: parts) && !Detection.isAuxiliary(path)
        }
    }

    /// A program's file need not be called `main.go`; files of one folder are of one package.
    private static func mainAtRoot(_ folder: String, _ context: DetectionContext) -> String? {
        let sources = context.entries(of: folder).filter { $0.hasSuffix(".go") && !$0.hasSuffix("_test.go") }
        return sources.prefix(3).first { context.line(in: $0, where: { $0.hasPrefix("package main") }) != nil }.map {
            DetectionContext.name(of: $0)
        }
    }

    /// The package that releases are built from. Source: goreleaser.com/customization/builds/go
    private static func released(_ folder: String, _ context: DetectionContext) -> Sourced<String>? {
        guard let path = context.first([".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"], in: folder) else {
            return nil
        }
        for build in context.tree(path)?["builds"]?.sequence ?? [] {
            guard let main = build["main"], let text = main.string, SafeText.path(text.replacingFirst("./", "")) else { continue }
            let source = text.replacingFirst("./", "")
            let package = source.hasSuffix(".go") ? DetectionContext.folder(of: source) : source
            return Sourced(package.isEmpty || package == "." ? "." : "./" + package, context.evidence(path, main))
        }
        return nil
    }

    /// The version the module promises, and the two that Go looks after. Source: go.dev/doc/modules/gomod-ref#go
    private static func matrix(_ version: Sourced<String>?) -> Sourced<[String]>? {
        guard let version, let number = LivingVersions.number(version.value), let newest = LivingVersions.go.last else { return nil }
        let minor = number % 100
        if minor >= newest { return nil }
        let least = "\(number / 100).\(minor)"
        return Sourced((LivingVersions.go.contains(minor) ? [] : [least]) + ["oldstable", "stable"], version.because)
    }
}
