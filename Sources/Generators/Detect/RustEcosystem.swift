import Text

enum RustEcosystem: Ecosystem {
    static let manifests = ["Cargo.toml"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard let cargo = context.toml(manifest) else { return nil }
        let main = program(folder, manifest, cargo, context)
        let role: Sourced<ComponentRole> = main.map { Sourced(.application, $0) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.rust, Evidence(manifest)), packageManager: Sourced(.cargo, Evidence(manifest)), role: role)
        if let path = context.first(["rust-toolchain.toml", "rust-toolchain"], in: folder) {
            let channel = context.toml(path)?.string("toolchain.channel") ?? context.lines(path).first.map { (String($0), 1) }
            component.version = channel.map { Sourced($0.text, Evidence(path, $0.line)) }
            component.versionFile = path
        } else if let entry = cargo.string("package.rust-version") ?? cargo.string("workspace.package.rust-version") {
            component.version = Sourced(entry.text, Evidence(manifest, entry.line))
        }
        // The least version is promised to those who build; what the tests need may be newer.
        if component.versionFile == nil, let least = component.version, SafeText.version(least.value) != nil {
            component.matrix = Sourced([least.value, "stable"], least.because)
            component.traits["tests-with"] = "stable"
        }
        component.lockFile = context.first(["Cargo.lock"], in: folder)
        component.traits["binary"] = cargo.string("bin.name")?.text ?? named(main?.path) ?? cargo.string("package.name")?.text
        let isWorkspace = cargo.line(of: "workspace") != nil
        // Without the members' own manifests nothing can be fetched.
        if isWorkspace || cargo.string("bin.path") != nil || cargo.line(of: "bench") != nil { component.traits["whole"] = "yes" }
        let locked = component.lockFile == nil ? "" : " --locked"
        let all = isWorkspace ? " --workspace" : ""
        let because = cargo.line(of: "workspace").map { Evidence(manifest, $0) } ?? Evidence(manifest)
        component.commands = [
            ComponentCommand(.install, "cargo fetch\(locked)", component.lockFile.map { Evidence($0) } ?? because),
            ComponentCommand(.lint, "cargo fmt --all --check", because),
            ComponentCommand(.lint, "cargo clippy\(all) --all-targets\(locked)", because),
            ComponentCommand(.build, "cargo build\(all)\(locked)", because), ComponentCommand(.test, "cargo test\(all)\(locked)", because),
        ]
        return component
    }

    /// Words of folders in a workspace whose programs serve its own development.
    private static let auxiliary: Set<String> = [
        "xtask", "examples", "example", "benches", "tests", "fuzz", "tools", "internal", "test", "ci", "bench",
    ]

    /// `tool` of `src/bin/tool.rs` and of `src/bin/tool/main.rs`.
    private static func named(_ path: String?) -> String? {
        guard let path, let range = path.firstRange(of: "src/bin/") else { return nil }
        let rest = path[range.upperBound...].split(separator: "/")
        return rest.count > 1 ? rest.first.map(String.init) : rest.first.map { String($0.dropLast(3)) }
    }

    private static func isMember(_ folder: String, _ cargo: TOMLDocument) -> Bool {
        let patterns = cargo.strings("workspace.members")
        return patterns.isEmpty
            || patterns.contains { pattern in
                let plain = pattern.replacingFirst("./", "")
                return plain == folder || plain.hasSuffix("*") && folder.hasPrefix(plain.dropLast())
            }
    }

    /// Where a program begins: the package's own, a target named in the manifest, or a member's of a workspace that is no package itself.
    private static func program(_ folder: String, _ manifest: String, _ cargo: TOMLDocument, _ context: DetectionContext) -> Evidence? {
        if let path = context.first(["src/main.rs"], in: folder) { return Evidence(path) }
        if let line = cargo.line(of: "bin") { return Evidence(manifest, line) }
        let programs = context.join(folder, "src/bin")
        if let path = context.firstBelow(
            programs, depth: 1, where: { $0 == "main.rs" || $0.hasSuffix("/main.rs") || $0.hasSuffix(".rs") && !$0.contains("/") })
        {
            return Evidence(context.join(programs, path))
        }
        guard cargo.line(of: "workspace") != nil, cargo.line(of: "package") == nil else { return nil }
        return context.firstBelow(folder, depth: 4) { path in
            let words = path.split { "/_-.".contains($0) }.map(String.init)
            return path.hasSuffix("/src/main.rs") && auxiliary.isDisjoint(with: words) && isMember(String(path.dropLast(12)), cargo)
        }.map { Evidence(context.join(folder, $0)) }
    }
}
