import Basics

/// The settings as text, each with the place it came from; the environment wins over the file.
struct RawSettings: Sendable {
    struct Setting: Sendable {
        var text: String
        /// `FETTLE_LISTEN`, or `fettle.yml:3`.
        var origin: String
        /// The text was the content of a file: one value a line.
        var isFileContent = false
    }

    private(set) var faults: [ConfigurationFault] = []
    private var settings: [String: Setting] = [:]

    /// - Parameters:
    ///   - file: settings of `fettle.yml` by path, each with its origin.
    ///   - readFile: reads a file named by a `…_FILE` variable.
    init(environment: [String: String], file: [String: Setting], readFile: (String) throws -> String) {
        for key in ConfigurationKey.all {
            if let setting = Self.fromEnvironment(key, environment, readFile, &faults) ?? file[key.path] { settings[key.path] = setting }
        }
        faults += Self.misspelt(environment)
        if settings[ConfigurationKey.listen.path] == nil, let port = environment["PORT"] {
            settings[ConfigurationKey.listen.path] = Setting(text: "0.0.0.0:\(port)", origin: "PORT")
        }
        let reports = ConfigurationKey.reportFailureRepository.path
        if settings[reports] == nil, let owner = environment["GITEA_OWNER"], let name = environment["GITEA_REPO"] {
            settings[reports] = Setting(text: "gitea:\(owner)/\(name)", origin: "GITEA_OWNER")
        }
    }

    subscript(key: ConfigurationKey) -> Setting? { settings[key.path] }

    /// The setting's text, else the key's default.
    func text(_ key: ConfigurationKey) -> String? { settings[key.path]?.text ?? key.defaultText }

    func origin(_ key: ConfigurationKey) -> String { settings[key.path]?.origin ?? key.variable }

    /// Variables that are almost one of ours: a letter wrong would otherwise be a setting silently left out.
    private static func misspelt(_ environment: [String: String]) -> [ConfigurationFault] {
        let known = ConfigurationKey.all.flatMap { [$0.variable] + [$0.fileVariable].compactMap { $0 } } + ["FETTLE_CONFIG"]
        return environment.keys.filter { $0.hasPrefix("FETTLE_") && !known.contains($0) }.sorted().compactMap { name in
            let hint = ParsedArguments.hint(for: name, among: known)
            return hint.isEmpty ? nil : ConfigurationFault(origin: name, problem: "unknown variable\(hint)")
        }
    }

    private static func fromEnvironment(
        _ key: ConfigurationKey, _ environment: [String: String], _ readFile: (String) throws -> String,
        _ faults: inout [ConfigurationFault]
    ) -> Setting? {
        let direct = ([key.variable] + key.aliases).first { environment[$0] != nil }
        if let fileVariable = key.fileVariable, let path = environment[fileVariable] {
            if direct == key.variable {
                faults.append(ConfigurationFault(origin: fileVariable, problem: "given together with \(key.variable); keep one of them"))
            }
            do {
                let content = try readFile(path)
                let text = content.hasSuffix("\n") ? String(content.dropLast()) : content
                return Setting(text: text, origin: fileVariable, isFileContent: true)
            } catch {
                faults.append(ConfigurationFault(origin: fileVariable, problem: "cannot read '\(path)': \(error)"))
                return nil
            }
        }
        return direct.flatMap { name in environment[name].map { Setting(text: $0, origin: name) } }
    }
}
