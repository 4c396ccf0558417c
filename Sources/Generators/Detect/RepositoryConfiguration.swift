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
            guard let purpose = pair.key.text.flatMap(ComponentCommand.Purpose.init(rawValue:)), let line = pair.value.string else {
                continue
            }
            model.components[0].commands.removeAll { $0.purpose == purpose }
            model.components[0].commands.append(ComponentCommand(purpose, line, Evidence(path, pair.value.start.line)))
            model.components[0].traits["fixed-\(purpose.rawValue)"] = "yes"
        }
    }
}
