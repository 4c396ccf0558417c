package import Text

/// Reads a log once and answers every question about it from what it remembered.
package struct LogAnalyzer: Sendable {
    private let classifier: LineClassifier
    let mask: LineMask
    let testNames: FailedTestNames
    let testDuration: TestDuration

    package init() throws(PatternError) {
        classifier = try .standard()
        mask = try LineMask()
        testNames = try FailedTestNames()
        testDuration = try TestDuration()
    }

    package var shapes: [ErrorShape] { classifier.shapes.shapes }

    package func read(_ file: LogFile) throws(LogError) -> LineTable {
        var reader = reader()
        try file.forEachLine { _, line in reader.read(line) }
        return reader.finish()
    }

    /// For a log that arrives in pieces.
    package func reader() -> LogReader { LogReader(classifier) }

    /// One excerpt for each budget.
    package func excerpts(of table: LineTable, lines budgets: [Int], memory: LogMemory = .none) -> [Excerpt] {
        ExcerptBudget(table, shapes: shapes, memory: memory).excerpts(lines: budgets)
    }

    func traits(of line: String) -> LineTraits {
        var cleaner = LineCleaner()
        return Array(line.utf8).withUnsafeBufferPointer { cleaner.clean($0) { classifier.traits(of: $0) } }
    }
}

/// Takes a log line by line, or piece by piece, and remembers the traits of its lines.
package struct LogReader {
    private let classifier: LineClassifier
    private var table = LineTable()
    private var cleaner = LineCleaner()
    private var splitter = LineSplitter()

    init(_ classifier: LineClassifier) {
        self.classifier = classifier
    }

    package mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
        let traits = cleaner.clean(line) { classifier.traits(of: $0) }
        table.append(traits, weight: traits.shape == 0 && traits.mark == .none ? 0 : 1)
    }

    package mutating func feed(_ piece: UnsafeBufferPointer<UInt8>) {
        var splitter = self.splitter
        splitter.feed(piece) { _, line in read(line) }
        self.splitter = splitter
    }

    package mutating func finish() -> LineTable {
        var splitter = self.splitter
        splitter.finish { _, line in read(line) }
        return table
    }
}
