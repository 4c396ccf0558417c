import Text

enum DotNetEcosystem: Ecosystem {
    static let manifests = ["*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let projects = context.files(below: folder) { $0.hasSuffix("proj") && !$0.lowercased().holds("test") && !isAside($0) }
        func first(_ mark: String) -> (String, Int)? {
            projects.lazy.compactMap { path in context.line(in: path) { $0.holds(mark) }.map { (path, $0.number) } }.first {
                // It starts the others on a developer's machine.
                context.line(in: $0.0) { $0.holds("Aspire.AppHost") || $0.holds("IsAspireHost") } == nil
            }
        }
        let executable = first("Microsoft.NET.Sdk.Web") ?? first("<OutputType>Exe")
        let role: Sourced<ComponentRole> =
            executable.map { Sourced(.application, Evidence($0.0, $0.1)) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.dotnet, Evidence(manifest)), packageManager: Sourced(.nuget, Evidence(manifest)), role: role)
        if let path = context.first(["global.json"], in: folder), let sdk = context.tree(path)?[path: "sdk", "version"],
            let version = sdk.string
        {
            component.version = Sourced(version, context.evidence(path, sdk))
            component.versionFile = path
        } else {
            setFramework(&component, folder, context)
        }
        if let executable { component.traits["project"] = Self.relative(executable.0, to: folder) }
        let because = Evidence(manifest)
        component.commands = [
            ComponentCommand(.install, "dotnet restore", because), ComponentCommand(.build, "dotnet build --no-restore", because),
            ComponentCommand(.test, "dotnet test --no-build", because),
        ]
        return component
    }

    /// Projects that serve the solution's own development.
    private static func isAside(_ path: String) -> Bool {
        let aside: Set<String> = ["toys", "tools", "tool", "eng", "build", "perf", "stress", "scripts", "template", "templates"]
        return Detection.isAuxiliary(path) || path.split(separator: "/").dropLast().contains { aside.contains($0.lowercased()) }
    }

    private static func relative(_ path: String, to folder: String) -> String {
        folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
    }

    /// The newest target is the SDK that builds; older targets of tests need their own runtime to run.
    private static func setFramework(_ component: inout Component, _ folder: String, _ context: DetectionContext) {
        var best = 0
        var tested: Set<Int> = []
        for path in context.files(below: folder, where: { $0.hasSuffix("proj") || $0.hasSuffix("Directory.Build.props") }) {
            guard let line = context.line(in: path, where: { $0.holds("<TargetFramework") }) else { continue }
            for word in line.text.split(whereSeparator: { $0 == ";" || $0 == ">" || $0 == "<" }) where word.hasPrefix("net") {
                guard let number = String(word).leadingNumber, number >= 5, number < 20, word.contains(".") else { continue }
                if path.lowercased().holds("test") { tested.insert(number) }
                if number > best {
                    best = number
                    component.version = Sourced("\(number).0.x", Evidence(path, line.number))
                }
            }
        }
        let older = tested.filter { $0 < best }.sorted()
        if !older.isEmpty { component.traits["runtimes"] = older.map { "\($0).0.x" }.joined(separator: " ") }
    }
}
