package import Policy

/// Chosen lines of a log as they may be shown: cleaned, and credentials taken out before anything is cut.
///
/// A terminal or a tool breaks a long secret over lines, and a passage may begin between its halves. So a passage is searched together
/// with the lines around it: a few, and on as long as they are single words, as the middle of a broken token or of a key is.
package struct ShownLines: Sendable {
    private static let fewLines = 6
    /// A private key of 16,384 bits takes 200 lines.
    private static let mostLines = 300
    private static let longestWord = 1024
    /// Searched beyond the part shown, so that no secret is cut in two by the cut.
    private static let overhang = 1024

    private let redactor: Redactor
    private let longest: Int

    /// - Parameter longest: bytes shown of a line.
    package init(redactor: Redactor, longest: Int = 2000) {
        self.redactor = redactor
        self.longest = longest
    }

    /// The text of each line in `wanted` that the log has. The log is streamed once.
    package func read(_ wanted: Set<Int>, of file: LogFile) throws(LogError) -> [Int: String] {
        var spans = Self.spans(wanted.sorted())[...]
        var cleaner = LineCleaner()
        var window = Window()
        try file.forEachLine { number, line in
            while let first = spans.first, first.upperBound + Self.mostLines < number { spans.removeFirst() }
            guard let span = spans.first, number >= span.lowerBound - Self.mostLines else { return show(&window, carrying: 0) }
            let next = spans.dropFirst().first.map { $0.lowerBound - number } ?? Int.max
            let isNear = min(max(span.lowerBound - number, number - span.upperBound, 0), max(next, 0)) <= Self.fewLines
            let (text, goesOn) = cleaner.clean(line) { (cut($0), isNear || Self.isWord($0)) }
            window.lines.append(Line(number: number, text: text, isWanted: wanted.contains(number)))
            if !goesOn { show(&window, carrying: Self.fewLines) }
        }
        show(&window, carrying: 0)
        return window.shown
    }

    private struct Line {
        let number: Int
        let text: [UInt8]
        var isWanted: Bool
    }

    private struct Window {
        /// They follow each other.
        var lines: [Line] = []
        var shown: [Int: String] = [:]
    }

    /// Runs of wanted lines whose surroundings touch are one.
    private static func spans(_ lines: [Int]) -> [ClosedRange<Int>] {
        lines.reduce(into: []) { spans, line in
            if let last = spans.last, line - last.upperBound <= 2 * fewLines + 1 {
                spans[spans.count - 1] = last.lowerBound...line
            } else {
                spans.append(line...line)
            }
        }
    }

    /// Redacts the lines gathered and keeps those that are wanted; the last `count` stay, as what stands before the next ones.
    private func show(_ window: inout Window, carrying count: Int) {
        if window.lines.contains(where: \.isWanted) {
            let texts = redactor.redact(lines: window.lines.map { String(decoding: $0.text, as: UTF8.self) })
            for (index, text) in texts.enumerated() where window.lines[index].isWanted {
                let isLong = text.utf8.count > longest
                window.shown[window.lines[index].number] = isLong ? String(decoding: text.utf8.prefix(longest), as: UTF8.self) : text
                window.lines[index].isWanted = false
            }
        }
        window.lines.removeFirst(max(0, window.lines.count - count))
    }

    /// As much of a line as is searched. Of one that goes on the last word is left out: it may be the half of a secret.
    private func cut(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let reach = longest + Self.overhang
        guard text.count > reach else { return Array(text) }
        let kept = text.prefix(reach)
        let words = kept.lastIndex(where: Self.isBlank).map { kept[..<$0] }
        // One word as long as all of this is data; what could be a secret at its end is not shown.
        return Array(words ?? kept.prefix(longest))
    }

    private static func isWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= longestWord, let first = text.firstIndex(where: { !isBlank($0) }) else { return text.count <= longestWord }
        guard let last = text.lastIndex(where: { !isBlank($0) }) else { return true }
        return !text[first...last].contains(where: isBlank)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
