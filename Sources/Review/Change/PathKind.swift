/// What a path tells about a file: where a reader's time is well spent.
package enum PathKind: String, Sendable, Hashable, CaseIterable {
    case source, test, workflow, configuration, documentation
    /// Written by a tool: lock files, minified code, snapshots, protocol stubs.
    case generated
    /// Somebody else's code, copied in.
    case vendored
    case other

    package init(_ path: String) {
        let path = path.lowercased()
        let parts = path.split(separator: "/").map(String.init)
        let name = parts.last ?? ""
        let folders = Set(parts.dropLast())
        let ending = name.split(separator: ".").count > 1 ? String(name.split(separator: ".").last ?? "") : ""
        self =
            if !folders.isDisjoint(with: Self.vendorFolders) {
                .vendored
            } else if LockFiles.isLock(name) || Self.generatedEndings.contains(where: name.hasSuffix) || folders.contains("__snapshots__")
                || Self.isBundle(ending, folders)
            {
                .generated
            } else if WorkflowText.isWorkflow(path) {
                .workflow
            } else if Self.isTest(name, folders: folders), Self.sourceEndings.contains(ending) {
                .test
            } else if Self.sourceEndings.contains(ending) {
                .source
            } else if Self.documentEndings.contains(ending) {
                .documentation
            } else if Self.configurationEndings.contains(ending) || Self.configurationNames.contains(name) {
                .configuration
            } else {
                .other
            }
    }

    /// Not sent to a model unless somebody asks for it.
    package var isLeftOut: Bool { self == .generated || self == .vendored }

    /// What a web project's build leaves in `dist`, where somebody committed it.
    private static func isBundle(_ ending: String, _ folders: Set<String>) -> Bool {
        folders.contains("dist") && ["js", "mjs", "cjs", "css"].contains(ending)
    }

    private static func isTest(_ name: String, folders: Set<String>) -> Bool {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        return !folders.isDisjoint(with: [
            "test", "tests", "__tests__", "spec", "specs", "testing", "testdata", "e2e", "benchmark", "benchmarks",
        ])
            || stem.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("tests") || stem.hasSuffix("_spec")
            || stem.hasSuffix("test") || name.contains(".test.") || name.contains(".spec.")
    }

    private static let vendorFolders: Set<String> = [
        "vendor", "node_modules", "third_party", "thirdparty", "pods", "carthage", "bower_components",
    ]
    private static let generatedEndings = [
        ".min.js", ".min.css", ".map", ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.swift", ".g.dart", ".generated.ts", ".generated.cs",
        ".designer.cs",
        "_generated.go", ".gen.go", ".snap", ".pbxproj", ".svg",
    ]
    private static let sourceEndings: Set<String> = [
        "swift", "go", "py", "ts", "tsx", "js", "jsx", "mjs", "cjs", "java", "kt", "kts", "scala", "rb", "rs", "c", "h", "cc", "cpp", "hpp",
        "cs", "php",
        "m", "mm", "sh", "bash", "zsh", "pl", "lua", "ex", "exs", "erl", "hs", "ml", "clj", "dart", "r", "jl", "sql", "vue", "svelte",
        "groovy", "zig",
    ]
    private static let documentEndings: Set<String> = ["md", "rst", "adoc", "txt"]
    private static let configurationEndings: Set<String> = [
        "yml", "yaml", "toml", "json", "ini", "cfg", "conf", "xml", "properties", "gradle", "tf", "hcl",
    ]
    private static let configurationNames: Set<String> = [
        "dockerfile", "makefile", "gemfile", "rakefile", "jenkinsfile", ".gitignore", ".editorconfig",
    ]
}

/// Dependency files and the locks that belong to them.
package enum LockFiles {
    /// Manifest name → names of its locks, any of which will do.
    package static let byManifest: [String: [String]] = [
        "package.json": ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "npm-shrinkwrap.json"],
        "cargo.toml": ["cargo.lock"], "gemfile": ["gemfile.lock"], "composer.json": ["composer.lock"], "pipfile": ["pipfile.lock"],
        "pyproject.toml": ["poetry.lock", "uv.lock", "pdm.lock"], "go.mod": ["go.sum"], "mix.exs": ["mix.lock"],
        "pubspec.yaml": ["pubspec.lock"],
        "package.swift": ["package.resolved"], "flake.nix": ["flake.lock"], "podfile": ["podfile.lock"], "deno.json": ["deno.lock"],
    ]
    private static let all = Set(byManifest.values.joined())

    static func isLock(_ name: String) -> Bool { all.contains(name.lowercased()) }
}
