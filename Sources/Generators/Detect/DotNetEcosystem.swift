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
        leaveDevicesOut(&component, manifest, context)
        return component
    }

    /// A solution with projects for phones needs workloads that the runner lacks: a filter without them is taken, or none of it.
    private static func leaveDevicesOut(_ component: inout Component, _ manifest: String, _ context: DetectionContext) {
        let folder = component.path
        let solution = context.text(manifest) ?? ""
        let isProject = manifest.hasSuffix("proj")
        let projects = (isProject ? [manifest] : context.files(below: folder) { $0.hasSuffix("proj") }).prefix(mostProjects)
        let devices = projects.compactMap { path -> Evidence? in
            guard isProject || solution.holds(DetectionContext.name(of: path)) else { return nil }
            return context.line(in: path, where: isForDevice).map { Evidence(path, $0.number) }
        }
        guard let first = devices.first else { return }
        let filter = context.entries(of: folder).first { path in
            guard path.hasSuffix(".slnf"), SafeText.path(DetectionContext.name(of: path)), let text = context.text(path) else {
                return false
            }
            return !devices.contains { text.holds(DetectionContext.name(of: $0.path)) }
        }
        guard let filter else {
            let reason =
                "projects for mobile systems need workloads that the runner lacks; a solution filter (.slnf) without them would be taken"
            component.leftOut += component.commands.map { LeftOutCommand(line: $0.line, because: first, reason: reason) }
            component.commands = []
            return
        }
        let name = DetectionContext.name(of: filter)
        // Microsoft's newer test platform takes no solution by its place alone. Source: learn.microsoft.com/dotnet/core/tools/dotnet-test-mtp
        let isNamed = context.first(["global.json"], in: folder).flatMap { context.text($0) }?.holds("Microsoft.Testing.Platform") ?? false
        component.commands = [
            ComponentCommand(.install, "dotnet restore \(name)", Evidence(filter)),
            ComponentCommand(.build, "dotnet build \(name) --no-restore", Evidence(filter)),
            ComponentCommand(.test, "dotnet test \(isNamed ? "--solution " : "")\(name) --no-build", Evidence(filter)),
        ]
    }

    /// Each may be a question to a forge.
    private static let mostProjects = 100

    private static func isForDevice(_ line: Substring) -> Bool {
        guard line.utf8.count < 2_000, !line.holds("Condition") else { return false }
        if line.holds("<UseMaui>true") { return true }
        return line.holds("<TargetFramework") && ["-android", "-ios", "-maccatalyst"].contains(where: line.holds)
    }

    /// What is built and tested is what is restored: beside several solutions a bare `dotnet restore` does not know which.
    static func restoreWhatIsBuilt(_ component: inout Component) {
        guard component.packageManager.value == .nuget,
            let restore = component.commands.firstIndex(where: { $0.purpose == .install && $0.line == "dotnet restore" })
        else { return }
        let steps = component.commands.filter { ["dotnet build", "dotnet test"].contains(where: $0.line.hasPrefix) }
        let named = steps.map { step in
            step.line.split(separator: " ").first { word in [".sln", ".slnx", ".slnf"].contains(where: word.hasSuffix) }
        }
        guard let first = named.first ?? nil, named.allSatisfy({ $0 == first }), SafeText.path(String(first)) else { return }
        component.commands[restore].line += " \(first)"
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
