/// Which files there are, by name and by folder: made once for a repository, for every look at it asks the same.
package struct FileIndex: Sendable {
    let names: Set<String>
    /// Paths of files directly in a folder.
    let byFolder: [String: [String]]

    /// - Parameter paths: sorted, so that files of one folder mostly follow each other.
    package init(_ paths: [String]) {
        names = Set(paths)
        var byFolder: [String: [String]] = [:]
        byFolder.reserveCapacity(paths.count / 2)
        var folder = ""
        var members: [String] = []
        for path in paths {
            let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
            let here = end.map { path[..<$0] } ?? ""
            if here != folder[...] {
                if !members.isEmpty { byFolder[folder, default: []] += members }
                folder = String(here)
                members = []
            }
            members.append(path)
        }
        if !members.isEmpty { byFolder[folder, default: []] += members }
        self.byFolder = byFolder
    }
}
