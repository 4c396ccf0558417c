/// Tests that CI runs on what an earlier step of its job built are found only where that step put it.
enum OwnBuild {
    /// Whether our job has what the command runs on: a Makefile, or the folder that ours builds in.
    static func has(_ line: String, _ component: Component, _ context: DetectionContext) -> Bool {
        let words = line.split(separator: " ").map(String.init)
        let manager = component.packageManager.value
        switch words.first {
        case "make":
            // Those are made by a step before.
            let generates: Set<PackageManager> = [.autotools, .make]
            let folders = words.indices.filter { words[$0] == "-C" && $0 + 1 < words.count }.map { words[$0 + 1] }
            let place = folders.reduce(component.path) { context.join($0, $1) }
            return generates.contains(manager) || context.first(["GNUmakefile", "makefile", "Makefile"], in: place) != nil
        case "ctest", "meson", "ninja":
            let folder = value(after: ["--test-dir", "-C"], in: words)
            let ours = component.commands(.test).lazy.compactMap {
                value(after: ["--test-dir", "-C"], in: $0.line.split(separator: " ").map(String.init))
            }
            return folder == ours.first && (folder != nil || words.contains("--preset"))
        default: return true
        }
    }

    private static func value(after options: [String], in words: [String]) -> String? {
        guard let mark = words.firstIndex(where: options.contains), mark + 1 < words.count else { return nil }
        return words[mark + 1]
    }

    /// `--no-build` finds what the job's own build made, with its configuration: it is taken with it, or left off.
    static func apply(_ job: CIJob, before test: ComponentCommand, to component: inout Component) {
        guard component.packageManager.value == .nuget, component.traits["fixed-build"] == nil, test.line.contains("--no-build"),
            let end = job.commands.firstIndex(where: { $0.because == test.because }),
            let index = component.commands.firstIndex(of: test)
        else { return }
        let builds = job.commands[..<end].filter {
            $0.line.hasPrefix("dotnet build") && !$0.isConditional && $0.folder == component.path && ExistingCI.isPlain($0.line)
        }
        if builds.isEmpty {
            component.commands[index].line = test.line.split(separator: " ").filter { $0 != "--no-build" }.joined(separator: " ")
            return
        }
        component.commands.removeAll { $0.purpose == .build }
        component.commands += builds.map { ComponentCommand(.build, $0.line, $0.because) }
    }
}
