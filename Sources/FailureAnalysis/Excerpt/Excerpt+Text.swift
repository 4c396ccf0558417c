package import Basics

extension Excerpt {
    package struct Passage: Sendable {
        package let lines: ClosedRange<Int>
        package let reason: String
        /// One for each line, cleaned of colours and time stamps, at most 4,000 bytes each.
        package var texts: [UntrustedText]
    }

    private static let longestLine = 4000

    /// Reads the lines themselves: the log is streamed a second time.
    package func texts(from file: LogFile) throws(LogError) -> [Passage] {
        var passages = ranges.map { Passage(lines: $0.lines, reason: $0.reason, texts: []) }
        var next = 0
        var cleaner = LineCleaner()
        try file.forEachLine { number, line in
            while next < passages.count, passages[next].lines.upperBound < number { next += 1 }
            guard next < passages.count, passages[next].lines.contains(number) else { return }
            let text = cleaner.clean(line) { String(decoding: $0.prefix(Self.longestLine), as: UTF8.self) }
            passages[next].texts.append(UntrustedText(text))
        }
        return passages
    }
}
