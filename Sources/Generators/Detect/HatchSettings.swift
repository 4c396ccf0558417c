import Text

/// The environments of Hatch with their scripts, in `pyproject.toml` or `hatch.toml`.
///
/// Source: hatch.pypa.io/latest/config/environment
struct HatchSettings {
    private var scripts: [(environment: String, name: String, because: Evidence)] = []
    /// Packages that an environment brings beside the project.
    private var packages: [String: Set<String>] = [:]

    init?(in folder: String, _ context: DetectionContext) {
        for (file, prefix) in [("pyproject.toml", "tool.hatch.envs"), ("hatch.toml", "envs")] {
            let path = context.join(folder, file)
            guard let root = context.toml(path) else { continue }
            for environment in root.keys(under: prefix) {
                let place = "\(prefix).\(environment)"
                let lists = root.strings("\(place).dependencies") + root.strings("\(place).extra-dependencies")
                packages[environment, default: []].formUnion(lists.map { PythonPackages.name(of: $0) })
                for name in root.keys(under: "\(place).scripts") {
                    scripts.append((environment, name, Evidence(path, root.line(of: "\(place).scripts.\(name)"))))
                }
            }
        }
        if packages.isEmpty { return nil }
    }

    /// Whether one of the environments brings the tool.
    func brings(_ tool: String) -> Bool { packages.values.contains { PythonPackages.bring(tool, $0) } }

    /// The call of the first script of these names; the default environment's before another's.
    func command(_ purpose: ComponentCommand.Purpose, _ names: [String]) -> ComponentCommand? {
        for name in names {
            let found = scripts.filter { $0.name == name && SafeText.path($0.environment) }
            guard let script = found.first(where: { $0.environment == "default" }) ?? found.first else { continue }
            let place = script.environment == "default" ? "" : script.environment + ":"
            return ComponentCommand(purpose, "hatch run \(place)\(name)", script.because)
        }
        return nil
    }
}
