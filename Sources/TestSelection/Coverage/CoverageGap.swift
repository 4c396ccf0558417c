/// A place of a change that no test ran through, with what stands around it.
package struct CoverageGap: Sendable, Hashable {
    package var path: String
    /// e.g. `3-5, 9`
    package var lines: String
    /// Numbered lines, those of the gap marked.
    package var excerpt: String

    private static let around = 12
    private static let mostLines = 120

    /// One for each file of the change that has uncovered lines.
    package static func all(in coverage: ChangeCoverage, of change: SourceChange) -> [CoverageGap] {
        coverage.files.filter { !$0.uncovered.isEmpty }.compactMap { file in
            guard let text = change.files.first(where: { $0.path == file.path })?.new, let first = file.uncovered.first,
                let last = file.uncovered.last
            else { return nil }
            let lines = text.split(separator: 10, omittingEmptySubsequences: false)
            let start = max(1, first - around)
            let end = min(lines.count, last + around, start + mostLines)
            guard start <= end else { return nil }
            let bare = Set(file.uncovered)
            let shown = (start...end).map { number in
                "\(number)\(bare.contains(number) ? " > " : "   ")\(String(decoding: lines[number - 1].prefix(300), as: UTF8.self))"
            }
            return CoverageGap(path: file.path, lines: ChangeCoverage.ranges(file.uncovered), excerpt: shown.joined(separator: "\n"))
        }
    }
}
