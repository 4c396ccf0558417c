import Text

/// `.github/dependabot.yml`: every ecosystem found, weekly, with a cooldown.
enum DependabotRenderer {
    static func blocks(for model: RepositoryModel) -> [ManagedBlock] {
        var entries: [(ecosystem: String, directory: String, because: String)] = []
        if let path = model.workflowFiles.first(where: { $0.hasPrefix(".github/") }) {
            entries.append(("github-actions", "/", path))
        } else if let component = model.components.first(where: { !$0.commands.isEmpty && SafeText.path($0.path) }) {
            entries.append(("github-actions", "/", "\(component.language.because.path), from which .github/workflows/ci.yml is generated"))
        }
        for component in model.components where SafeText.path(component.path) {
            guard let ecosystem = ecosystem(component.packageManager.value) else { continue }
            entries.append((ecosystem, "/" + component.path, component.packageManager.because.description))
        }
        for path in model.containerFiles where SafeText.path(path) && !Detection.isAuxiliary(path) {
            entries.append(("docker", "/" + DetectionContext.folder(of: path), path))
        }
        if let path = model.composeFiles.first { entries.append(("docker-compose", "/", path)) }
        if entries.isEmpty { return [] }
        var seen: Set<String> = []
        var lines = Template.lines("dependabot.yml")
        for entry in entries where seen.insert(entry.ecosystem + entry.directory).inserted {
            let place =
                entry.directory == "/" ? "" : entry.directory.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
            let values = ["ecosystem": entry.ecosystem, "directory": YAMLWriter.scalar(entry.directory), "group": entry.ecosystem + place]
            lines += (["# because: \(entry.because)"] + Template.lines("dependabot-entry.yml", values)).map { "  " + $0 }
        }
        return [ManagedBlock(name: "dependabot", margin: "", lines: lines)]
    }

    /// Source: docs.github.com/code-security/dependabot (package-ecosystem)
    private static func ecosystem(_ manager: PackageManager) -> String? {
        switch manager {
        case .npm, .pnpm, .yarnClassic, .yarnBerry: "npm"
        case .bun: "bun"
        case .pip, .poetry, .pipenv, .pdm: "pip"
        case .uv: "uv"
        case .go: "gomod"
        case .cargo: "cargo"
        case .maven: "maven"
        case .gradle: "gradle"
        case .bundler: "bundler"
        case .composer: "composer"
        case .nuget: "nuget"
        case .swiftpm: "swift"
        case .mix: "mix"
        case .deno: nil
        case .cmake, .meson, .autotools, .make, .none: nil
        }
    }
}
