import Glibc

/// Files written below a folder without following a link anywhere on the way.
enum OutputTree {
    struct Unwritable: Error, CustomStringConvertible {
        var path: String
        var reason: String
        var description: String { "cannot write '\(path)': \(reason)" }
    }

    static func write(_ text: String, to path: String, under folder: String) throws(Unwritable) {
        try make(folder)
        var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unwritable(path: folder, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let parts = path.split(separator: "/").map(String.init)
        for part in parts.dropLast() {
            if mkdirat(descriptor, part, 0o755) != 0, errno != EEXIST {
                throw Unwritable(path: path, reason: String(cString: strerror(errno)))
            }
            let next = openat(descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw Unwritable(path: path, reason: String(cString: strerror(errno))) }
            close(descriptor)
            descriptor = next
        }
        guard let name = parts.last else { return }
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Unwritable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Unwritable(path: path, reason: String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
        }
    }

    /// The folder somebody named, with those above it.
    private static func make(_ folder: String) throws(Unwritable) {
        var made = folder.hasPrefix("/") ? "/" : ""
        for part in folder.split(separator: "/") {
            made += part + "/"
            // What exists may be where nothing can be made, as `/` is.
            if mkdir(made, 0o755) != 0, errno != EEXIST, access(made, F_OK) != 0 {
                throw Unwritable(path: folder, reason: String(cString: strerror(errno)))
            }
        }
    }
}
