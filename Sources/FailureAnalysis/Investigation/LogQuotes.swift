internal import Basics

/// Whether what a model quotes stands in the log, as it came or as the model was shown it.
package struct LogQuotes: Sendable {
    private let file: LogFile
    private let shown: [String]

    /// - Parameter report: redacted, as the model saw it.
    package init(_ file: LogFile, report: FailureReport) {
        self.file = file
        shown = report.evidence.map(\.text.raw)
    }

    /// One whole line or a part of one; a text over several lines stands nowhere. `source` is the log's name.
    package func stand(_ quote: String, in source: String) -> Bool {
        let wanted = Array(quote.utf8)
        guard source == file.path, wanted.count >= 4, !wanted.contains(10), !wanted.contains(13) else { return false }
        if shown.contains(where: { Array($0.utf8).firstRange(of: wanted) != nil }) { return true }
        var found = false
        var cleaner = LineCleaner()
        _ = try? file.forEachLine { _, line in
            guard !found, line.count >= wanted.count else { return }
            found = cleaner.clean(line) { Self.holds($0, wanted) }
        }
        return found
    }

    private static func holds(_ line: UnsafeBufferPointer<UInt8>, _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, line.count >= wanted.count else { return false }
        for offset in 0...(line.count - wanted.count) where line[offset] == first {
            if line[offset..<(offset + wanted.count)].elementsEqual(wanted) { return true }
        }
        return false
    }
}
