import Glibc

/// A repository on disk, listed once. Every folder is opened relative to its parent without following links, so no link leads out.
package struct RepositoryFolder: RepositoryFiles {
    package struct Unreadable: Error, Sendable, CustomStringConvertible {
        package var path: String
        package var reason: String
        package var description: String { "cannot read the repository '\(path)': \(reason)" }
    }

    package struct Limits: Sendable {
        package var files = 100_000
        package var depth = 24
        package var bytesPerFile = 2 << 20

        package init() {}
    }

    package let root: String
    package let paths: [String]
    package let skipped: [(path: String, reason: String)]
    package let index: FileIndex
    private let limits: Limits

    /// Folders whose files are products, dependencies or somebody else's code.
    package static let ignored: Set<String> = [
        ".git", ".hg", ".svn", "node_modules", "bower_components", "vendor", "third_party", "3rdparty", ".venv", "venv", ".tox", ".nox",
        "__pycache__", ".build", "target", "dist", "_build", "deps", ".gradle", ".idea", ".vscode", ".next", ".nuxt", "Pods", "Carthage",
        ".terraform", "site-packages", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".yarn", "obj",
    ]

    package init(_ root: String, limits: Limits = Limits()) throws(Unreadable) {
        self.root = root
        self.limits = limits
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable(path: root, reason: String(cString: strerror(errno))) }
        (paths, skipped) = FolderWalk.all(from: descriptor, limits)
        index = FileIndex(paths)
    }

    package func bytes(of path: String) -> [UInt8]? {
        guard contains(path) else { return nil }
        var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        let parts = path.split(separator: "/").map(String.init)
        for part in parts.dropLast() {
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(folder)
            folder = next
            guard folder >= 0 else { return nil }
        }
        guard let name = parts.last else { return nil }
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return read(file)
    }

    private func read(_ file: Int32) -> [UInt8]? {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limits.bytesPerFile else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while bytes.count <= limits.bytesPerFile {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    private func contains(_ path: String) -> Bool {
        var low = 0
        var high = paths.count
        while low < high {
            let middle = (low + high) / 2
            if paths[middle] < path { low = middle + 1 } else { high = middle }
        }
        return low < paths.count && paths[low] == path
    }
}
