package import Basics
package import Policy

extension Excerpt {
    package struct Passage: Sendable {
        package let lines: ClosedRange<Int>
        package let reason: String
        /// One for each line: cleaned of colours, time stamps and credentials, at most 4,000 bytes each.
        package let texts: [UntrustedText]
    }

    private static let longestLine = 4000

    /// Reads the lines themselves: the log is streamed a second time.
    package func texts(from file: LogFile, redactor: Redactor) throws(LogError) -> [Passage] {
        let shown = try ShownLines(redactor: redactor, longest: Self.longestLine).read(Set(ranges.flatMap(\.lines)), of: file)
        return ranges.map { range in
            Passage(lines: range.lines, reason: range.reason, texts: range.lines.compactMap { shown[$0].map { UntrustedText($0) } })
        }
    }
}
