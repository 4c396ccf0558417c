/// The files of a repository as detection sees them. Nothing is executed and nothing outside is read.
package protocol RepositoryFiles: Sendable {
    /// Paths of regular files, relative, sorted; symbolic links, devices and ignored folders are left out.
    var paths: [String] { get }
    /// Paths that were left out, with the reason.
    var skipped: [(path: String, reason: String)] { get }
    /// A file's bytes; `nil` when it is not among `paths`, cannot be read or is beyond the limit.
    func bytes(of path: String) -> [UInt8]?
    /// Of `paths`; kept where the files outlive one look.
    var index: FileIndex { get }
}

extension RepositoryFiles {
    package var index: FileIndex { FileIndex(paths) }
}

/// A repository in memory.
package struct RepositorySnapshot: RepositoryFiles {
    private let contents: [String: String]
    package let paths: [String]
    package let skipped: [(path: String, reason: String)] = []
    package let index: FileIndex

    package init(_ contents: [String: String]) {
        self.contents = contents
        paths = contents.keys.sorted()
        index = FileIndex(paths)
    }

    package func bytes(of path: String) -> [UInt8]? { contents[path].map { Array($0.utf8) } }
}
