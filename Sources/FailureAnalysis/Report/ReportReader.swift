internal import Basics

extension LogAnalyzer {
    /// Lines of evidence a report quotes.
    private static let quotedLines = 40
    private static let mostTests = 50

    /// Reads the log twice: once for its traits, once for the words of the lines chosen.
    package func report(on file: LogFile) throws(LogError) -> FailureReport {
        let table = try read(file)
        let fingerprint = try fingerprint(of: file, table: table)
        let finder = EvidenceFinder(table, shapes: shapes)
        let step = finder.step
        let excerpt = excerpts(of: table, lines: [Self.quotedLines])[0]
        let wanted = Set(excerpt.ranges.flatMap { Array($0.lines) })
        let headline = headline(of: finder)
        let tests = testLines(table, step)
        let command = step.start...min(step.start + 1, max(step.start, table.count))
        var quotes: [Int: UntrustedText] = [:]
        var names: [UntrustedText] = []
        var cleaner = LineCleaner()
        try file.forEachLine { number, line in
            let isQuoted = wanted.contains(number) || number == headline || command.contains(number) || number == step.verdict
            guard isQuoted || tests.contains(number) else { return }
            let bytes = cleaner.clean(line) { Array($0.prefix(2000)) }
            if isQuoted { quotes[number] = UntrustedText(String(decoding: bytes, as: UTF8.self)) }
            if tests.contains(number), names.count < Self.mostTests, let name = testNames.name(in: bytes), !names.contains(name) {
                names.append(name)
            }
        }
        func quote(_ line: Int?) -> FailureReport.Quote? {
            guard let line, let text = quotes[line], !text.isEmpty else { return nil }
            return FailureReport.Quote(line: line, text: text)
        }
        return FailureReport(
            source: file.path, fingerprint: fingerprint, headline: quote(headline),
            failingCommand: table[step.start].mark == .commandStart ? command.compactMap { quote($0) }.first(where: Self.isCommand) : nil,
            verdict: quote(step.verdict),
            evidence: wanted.sorted().compactMap { quote($0) }, failedTests: names, lineCount: table.count, forgottenLines: table.forgotten)
    }

    /// Travis prints `travis_time:start:…` first and the command on the next line; others say both in one.
    private static func isCommand(_ quote: FailureReport.Quote) -> Bool { !quote.text.raw.hasPrefix("travis_time:") }

    /// The anchor of the strongest block that names a cause, the first of equals; `nil` when the log shows no error.
    private func headline(of finder: EvidenceFinder) -> Int? {
        let telling = finder.blocks().filter { shapes[$0.shape].role == .cause || shapes[$0.shape].role == .detail }
        return telling.max { ($0.score, $1.anchor) < ($1.score, $0.anchor) }?.anchor
    }

    private func testLines(_ table: LineTable, _ step: FailingStep) -> Set<Int> {
        var lines: Set<Int> = []
        guard step.start <= step.end else { return lines }
        table.forEach(in: step.start...step.end) { line, traits in
            let shape = Int(traits.shape)
            guard shape > 0, shape <= shapes.count, shapes[shape - 1].failureClass == .test, lines.count < 4 * Self.mostTests else {
                return
            }
            lines.insert(line)
        }
        return lines
    }
}
