import Text

/// Test commands another CI service runs already: Travis, GitLab, CircleCI, AppVeyor's kin.
enum ExistingCI {
    private static let sources: [(path: String, keys: [String])] = [(".travis.yml", ["script"]), (".gitlab-ci.yml", ["script"])]

    static func apply(to model: inout RepositoryModel, _ context: DetectionContext) {
        guard model.components.count == 1, model.components[0].commands(.test).isEmpty else { return }
        for source in sources where context.has(source.path) {
            guard let root = context.tree(source.path) else { continue }
            for node in scripts(root, source.keys) {
                guard let line = node.string, isTest(line) else { continue }
                model.components[0].commands.append(ComponentCommand(.test, line, Evidence(source.path, node.start.line)))
                return
            }
        }
    }

    private static func scripts(_ root: YAMLNode, _ keys: [String]) -> [YAMLNode] {
        var found: [YAMLNode] = []
        for pair in root.mapping ?? [] {
            if let name = pair.key.text, keys.contains(name) { found += pair.value.sequence ?? [pair.value] }
            for inner in pair.value.mapping ?? [] where inner.key.text.map(keys.contains) ?? false {
                found += inner.value.sequence ?? [inner.value]
            }
        }
        return found
    }

    /// One plain command with a test tool in it: nothing with variables, pipes or substitution is taken over.
    private static func isTest(_ line: String) -> Bool {
        let isPlain = line.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " -_./:=".contains($0)) }
        return isPlain && ["test", "pytest", "check", "tox", "rspec", "phpunit", "verify"].contains(where: line.contains)
    }
}
