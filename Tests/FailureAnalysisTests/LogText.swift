@testable import FailureAnalysis

/// A log written in a test, read as a file would be.
enum LogText {
    static func table(_ text: String, with analyzer: LogAnalyzer) -> LineTable {
        var reader = analyzer.reader()
        Array(text.utf8).withUnsafeBufferPointer { reader.feed($0) }
        return reader.finish()
    }

    /// The lines of `text` that an excerpt of it holds.
    static func excerpt(_ text: String, lines budget: Int, with analyzer: LogAnalyzer) -> [String] {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        let excerpt = analyzer.excerpts(of: table(text, with: analyzer), lines: [budget])[0]
        return excerpt.ranges.flatMap { range in range.lines.filter { $0 <= lines.count }.map { lines[$0 - 1] } }
    }
}
