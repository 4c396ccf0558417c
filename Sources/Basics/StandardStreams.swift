import Glibc

/// Whole writes to standard output and error, and the questions asked of a terminal.
package enum StandardStreams {
    package static func writeOutput(_ text: String) { write(text, to: 1) }
    package static func writeError(_ text: String) { write(text, to: 2) }

    /// Standard output is a terminal and colour was not declined. Source: no-color.org
    package static func outputIsTerminal() -> Bool { isatty(1) == 1 }

    /// Writes all bytes, also over short writes and signals. A closed pipe ends it quietly: the reader has gone.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
