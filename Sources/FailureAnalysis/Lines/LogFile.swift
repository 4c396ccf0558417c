internal import Glibc

/// A log on disk, read from start to end in pieces of 256 KiB: never held whole, however large.
package struct LogFile: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// Calls `body` with (number from 1, bytes) for every line and returns how many there are.
    @discardableResult
    package func forEachLine(_ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) throws(LogError) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var splitter = LineSplitter()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
            guard count > 0 else { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            splitter.feed(piece.bindMemory(to: UInt8.self), body)
        }
        splitter.finish(body)
        return splitter.count
    }
}

package enum LogError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(path: String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
        }
    }
}
