import Text

/// `.fettle.yml` of the repository: what its owner says outranks all evidence.
///
/// ```
/// generate:
///   commands: {install: …, lint: …, typecheck: …, build: …, test: …}
/// ```
enum RepositoryConfiguration {
    static func apply(to model: inout RepositoryModel, _ context: DetectionContext) {
        let path = ".fettle.yml"
        guard let commands = context.tree(path)?[path: "generate", "commands"]?.mapping, !model.components.isEmpty else { return }
        for pair in commands {
            guard fault(of: pair) == nil, let purpose = pair.key.text.flatMap(ComponentCommand.Purpose.init(rawValue:)),
                let line = pair.value.string
            else { continue }
            model.components[0].commands.removeAll { $0.purpose == purpose }
            model.components[0].commands.append(ComponentCommand(purpose, line, Evidence(path, pair.value.start.line)))
            model.components[0].traits["fixed-\(purpose.rawValue)"] = "yes"
        }
    }

    /// What of the file is not followed, each with its line: a command that vanished in silence would leave a green run that tests nothing.
    static func faults(_ context: DetectionContext) -> [String] {
        guard context.text(".fettle.yml") != nil else { return [] }
        guard let root = context.tree(".fettle.yml") else { return [".fettle.yml is not YAML: nothing of it is followed"] }
        let known = ["forge", "registry", "with", "commands"]
        let others = (root["generate"]?.mapping ?? []).filter { pair in !known.contains(pair.key.text ?? "") }
        return others.map { ".fettle.yml:\($0.value.start.line): generate knows \(known.joined(separator: ", "))" }
            + (root[path: "generate", "commands"]?.mapping ?? []).compactMap { pair in
                fault(of: pair).map { ".fettle.yml:\(pair.value.start.line): generate.commands: \($0)" }
            }
    }

    private static func fault(of pair: YAMLPair) -> String? {
        guard let name = pair.key.text, ComponentCommand.Purpose(rawValue: name) != nil else {
            return "there are \(ComponentCommand.Purpose.allCases.map(\.rawValue).joined(separator: ", "))"
        }
        guard let line = pair.value.string, SafeText.command(line) else { return "'\(name)' is one line of text without '${{'" }
        return nil
    }
}
