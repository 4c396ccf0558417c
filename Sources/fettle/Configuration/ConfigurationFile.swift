import Text

/// `fettle.yml` as settings by path, each with its line.
enum ConfigurationFile {
    /// Reads the file; every unknown or misplaced key is a fault of its own.
    ///
    /// - Parameter name: how the operator calls the file, for messages.
    static func settings(in text: String, name: String) -> (settings: [String: RawSettings.Setting], faults: [ConfigurationFault]) {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.documents(in: text)
        } catch {
            return ([:], [ConfigurationFault(origin: "\(name):\(error.line)", problem: "not valid YAML: \(error.reason)")])
        }
        guard let document = documents.first, let root = document.root, !root.isNull else { return ([:], []) }
        var reader = Reader(name: name)
        for repeated in document.duplicateKeys {
            reader.fault(repeated.second, "'\(repeated.key)' is given twice; the first is on line \(repeated.first.line)")
        }
        if documents.count > 1, let second = documents[1].root { reader.fault(second.start, "a second document; keep one") }
        reader.read(root, under: "")
        return (reader.settings, reader.faults)
    }

    private struct Reader {
        let name: String
        var settings: [String: RawSettings.Setting] = [:]
        var faults: [ConfigurationFault] = []

        mutating func read(_ node: YAMLNode, under prefix: String) {
            guard let pairs = node.mapping else {
                return fault(node.start, "expected 'key: value' lines\(prefix.isEmpty ? "" : " under '\(prefix)'")")
            }
            for pair in pairs {
                let path = (prefix.isEmpty ? "" : prefix + ".") + (pair.key.text ?? "")
                if let key = ConfigurationKey.all.first(where: { $0.path == path }) {
                    read(key, pair.value)
                } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(path + ".") }) {
                    read(pair.value, under: path)
                } else {
                    fault(
                        pair.key.start, "unknown key '\(path)'" + ParsedArguments.hint(for: path, among: ConfigurationKey.all.map(\.path)))
                }
            }
        }

        private mutating func read(_ key: ConfigurationKey, _ node: YAMLNode) {
            let origin = "\(name):\(node.start.line)"
            if let text = node.text {
                settings[key.path] = RawSettings.Setting(text: text, origin: origin)
            } else if key.kind == .secrets, let parts = node.sequence, !parts.isEmpty {
                let texts = parts.map { $0.text ?? "" }
                settings[key.path] = RawSettings.Setting(text: texts.joined(separator: "\n"), origin: origin, isFileContent: true)
            } else {
                fault(node.start, "'\(key.path)' takes \(key.kind == .secrets ? "one value or a list of two" : "one value")")
            }
        }

        mutating func fault(_ mark: YAMLMark, _ problem: String) {
            faults.append(ConfigurationFault(origin: "\(name):\(mark.line)", problem: problem))
        }
    }
}
