/// Which texts beside the tests the rules of a change look into; the rest need not be read.
package enum SourceDemand: Sendable, Hashable {
    /// Data and dependencies are named in ways that only the text itself tells.
    case all
    /// Those in which one of these names stands.
    case naming(Set<String>)

    private static let shortestName = 3

    package init(_ change: SourceChange) {
        var names: Set<String> = []
        for file in change.files {
            switch FileRole(file.path, text: file.new) {
            case .data, .lockFile:
                self = .all
                return
            case .code: names.insert(FileName.stem(file.path))
            default: break
            }
            if FileRole(file.path, text: file.old) == .code { names.insert(FileName.stem(file.path)) }
        }
        self = .naming(names.filter { $0.utf8.count >= Self.shortestName })
    }

    /// The paths of the files to read, of those in the index.
    package func paths(among files: [(path: String, key: SourceIndex.Key)], in index: SourceIndex) -> [String] {
        guard case .naming(let names) = self else { return files.map(\.path) }
        let marks = names.map(SourceNames.marks)
        return files.filter { file in
            index.withNames(of: file.key) { part, _, mentions in
                part != .test && part != .opaque
                    && marks.contains { !$0.isEmpty && $0.allSatisfy { SourceNames.stands($0, in: mentions) } }
            } ?? true
        }.map(\.path)
    }
}
