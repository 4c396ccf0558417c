/// Which texts the rules of a change look into; the rest need not be read.
package struct SourceDemand: Sendable, Hashable {
    package enum Sources: Sendable, Hashable {
        /// Data and dependencies are named in ways that only the text itself tells.
        case all
        /// Those in which one of these names stands.
        case naming(Set<String>)
    }

    /// Of the files that are no tests.
    package let sources: Sources
    /// Tests are searched for the names of what changed.
    package let includesTests: Bool

    private static let shortestName = 3

    package init(_ change: SourceChange) {
        var names: Set<String> = []
        var (needsAll, needsTests) = (false, false)
        for file in change.files {
            for role in [FileRole(file.path, text: file.new), FileRole(file.path, text: file.old)] {
                switch role {
                case .data, .lockFile: (needsAll, needsTests) = (true, true)
                case .documentation: needsTests = true
                case .code: names.insert(FileName.stem(file.path))
                default: break
                }
            }
        }
        sources = needsAll ? .all : .naming(names.filter { $0.utf8.count >= Self.shortestName })
        includesTests = needsTests
    }

    /// Where the files to read stand in the index.
    package func places(in index: SourceIndex) -> [Int] {
        let files = (0..<index.count).filter { index.kind($0) == .file || index.kind($0) == .executable }
        guard case .naming(let names) = sources else { return files.filter { !TestFiles.isTest(index.path($0)) } }
        let marks = names.map(SourceNames.marks).filter { !$0.isEmpty }
        return files.filter { place in
            index.withNames(of: place) { part, _, mentions in
                part != .test && part != .opaque && marks.contains { $0.allSatisfy { SourceNames.stands($0, in: mentions) } }
            }
        }
    }
}
