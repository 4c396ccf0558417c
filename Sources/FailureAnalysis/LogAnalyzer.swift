package import Text

/// Reads a log once and answers every question about it from what it remembered.
package struct LogAnalyzer: Sendable {
    private let classifier: LineClassifier

    package init() throws(PatternError) {
        classifier = try .standard()
    }

    package var shapes: [ErrorShape] { classifier.shapes.shapes }

    package func read(_ file: LogFile) throws(LogError) -> LineTable {
        var table = LineTable()
        var cleaner = LineCleaner()
        try file.forEachLine { _, line in
            let traits = cleaner.clean(line) { classifier.traits(of: $0) }
            if Tuning.value("DUMP", 0) == Double(table.count / 1_000_000 + 1) {
                let name = traits.shape > 0 ? shapes[Int(traits.shape) - 1].name : "-"
                print(table.count + 1, name, traits.mark, traits.indent, traits.flags.rawValue, String(decoding: line.prefix(100), as: UTF8.self))
            }
            table.append(traits, weight: traits.shape == 0 && traits.mark == .none ? 0 : 1)
        }
        return table
    }

    /// One excerpt for each budget.
    package func excerpts(of table: LineTable, lines budgets: [Int]) -> [Excerpt] {
        let budget = ExcerptBudget(table, shapes: shapes)
        return budgets.map { budget.excerpt(lines: $0) }
    }
}
