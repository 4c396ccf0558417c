import Glibc
import Synchronization

/// Whole writes to standard output and error, and the questions asked of a terminal.
package enum StandardStreams {
    private static let lostOutput = Mutex<String?>(nil)

    package static func writeOutput(_ text: String) {
        if let reason = write(text, to: 1) { lostOutput.withLock { $0 = $0 ?? reason } }
    }

    package static func writeError(_ text: String) { _ = write(text, to: 2) }

    /// Why some of the output could not be written, e.g. a full disk; `nil` when all was, or when its reader left.
    package static func outputFailure() -> String? { lostOutput.withLock { $0 } }

    /// Standard output is a terminal and colour was not declined. Source: no-color.org
    package static func outputIsTerminal() -> Bool { isatty(1) == 1 }

    /// Writes all bytes, also over short writes and signals; the reason where it could not. A closed pipe is none: the reader has gone.
    private static func write(_ text: String, to descriptor: Int32) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if errno != EINTR {
                    return errno == EPIPE ? nil : String(cString: strerror(errno))
                }
            }
            return nil
        }
    }
}
