internal import Glibc

/// A log, on disk or fetched. On disk it is read from start to end in pieces of 256 KiB: never held whole, however large.
package struct LogFile: Sendable {
    /// Where it is on disk; for a fetched one, the name it is told by.
    package let path: String
    private let content: [UInt8]?

    package init(_ path: String) {
        self.path = path
        content = nil
    }

    /// A log that was fetched: `name` is what reports and quotes call it.
    package init(named name: String, content: [UInt8]) {
        path = name
        self.content = content
    }

    /// Calls `body` with (number from 1, bytes) for every line and returns how many there are.
    @discardableResult
    package func forEachLine(_ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) throws(LogError) -> Int {
        if let content { return Self.forEachLine(of: content, body) }
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

    private static func forEachLine(of content: [UInt8], _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) -> Int {
        var splitter = LineSplitter()
        content.withUnsafeBufferPointer { splitter.feed($0, body) }
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
