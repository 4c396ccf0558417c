package import Basics
package import Policy

extension LogAnalyzer {
    /// More lines than this are never worth a model's reading.
    private static let mostLines = 20_000

    /// The largest excerpt whose lines, as `texts` shows them, are estimated at no more than `tokens`; it holds every smaller one.
    ///
    /// - Parameter estimate: tokens of a line with its end.
    package func excerpt(
        of table: LineTable, in file: LogFile, tokens: TokenCount, redactor: Redactor, estimate: (String) -> TokenCount
    ) throws(LogError) -> Excerpt {
        // A line is a token at least.
        let most = min(tokens.count, Self.mostLines, table.count)
        guard most > 0, let largest = excerpts(of: table, lines: [most]).first else { return Excerpt(ranges: []) }
        var costs: [Int: Int] = [:]
        for passage in try largest.texts(from: file, redactor: redactor) {
            for (line, text) in zip(passage.lines, passage.texts) { costs[line] = max(1, estimate(text.raw + "\n").count) }
        }
        func fits(_ excerpt: Excerpt) -> Bool {
            excerpt.ranges.reduce(0) { $0 + $1.lines.reduce(0) { $0 + costs[$1, default: 1] } } <= tokens.count
        }
        var best = Excerpt(ranges: [])
        var (low, high) = (1, most)
        while low <= high {
            let middle = low + (high - low) / 2
            guard let excerpt = excerpts(of: table, lines: [middle]).first, fits(excerpt) else {
                high = middle - 1
                continue
            }
            best = excerpt
            low = middle + 1
        }
        return best
    }
}
