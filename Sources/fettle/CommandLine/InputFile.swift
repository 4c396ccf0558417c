import Glibc

/// Files named on the command line, read whole and bounded.
enum InputFile {
    struct Unreadable: Error, CustomStringConvertible {
        var path: String
        var reason: String
        var description: String { "cannot read '\(path)': \(reason)" }
    }

    /// The bytes of a regular file of at most `limit` bytes; `-` is standard input.
    static func read(_ path: String, limit: Int = 16 << 20) throws(Unreadable) -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Unreadable(path: path, reason: String(cString: strerror(errno))) }
        if status.st_mode & S_IFMT == S_IFDIR { throw Unreadable(path: path, reason: "it is a directory") }
        // One more than it has, for the read that tells its end.
        let expected = status.st_mode & S_IFMT == S_IFREG ? min(limit, max(0, Int(clamping: status.st_size))) + 1 : 0
        var bytes = [UInt8](unsafeUninitializedCapacity: expected) { buffer, initialized in
            while initialized < expected, let start = buffer.baseAddress {
                let count = Glibc.read(descriptor, start + initialized, expected - initialized)
                if count < 0, errno == EINTR { continue }
                // The loop below meets the same end or fault again.
                guard count > 0 else { break }
                initialized += count
            }
        }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Unreadable(path: path, reason: String(cString: strerror(errno))) }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw Unreadable(path: path, reason: "it has more than \(limit) bytes") }
            if count == 0 { return bytes }
        }
    }
}
