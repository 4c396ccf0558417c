/// Versions as the common version managers note them.
enum VersionFiles {
    struct Found {
        var version: String
        var path: String
        var line: Int
    }

    /// First of `names` in the folder or the root; a file like `.nvmrc` holds the version alone.
    static func plain(_ names: [String], in folder: String, _ context: DetectionContext) -> [Found] {
        var found: [Found] = []
        for name in names {
            for place in folder.isEmpty ? [""] : [folder, ""] {
                let path = context.join(place, name)
                guard let line = context.line(in: path, where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { continue }
                found.append(Found(version: line.text.filter { !$0.isWhitespace }, path: path, line: line.number))
                break
            }
        }
        return found
    }

    /// A line `tool version` of `.tool-versions`.
    static func tool(_ names: [String], in folder: String, _ context: DetectionContext) -> Found? {
        for path in folder.isEmpty ? [".tool-versions"] : [context.join(folder, ".tool-versions"), ".tool-versions"] {
            for name in names {
                guard let line = context.line(in: path, where: { $0.hasPrefix(name + " ") }) else { continue }
                let version = line.text.dropFirst(name.count + 1).split(separator: " ").first.map(String.init) ?? ""
                return Found(version: version, path: path, line: line.number)
            }
        }
        return nil
    }

    /// Files that name different versions: nobody can know which one is meant.
    static func conflict(_ found: [Found], _ component: String, same: (String, String) -> Bool) -> ModelConflict? {
        guard let first = found.first, let other = found.dropFirst().first(where: { !same($0.version, first.version) }) else { return nil }
        return ModelConflict(
            component: component, field: "version",
            message: "\(first.path) says \(first.version), \(other.path) says \(other.version); remove one or make them agree",
            evidence: [Evidence(first.path, first.line), Evidence(other.path, other.line)])
    }
}
