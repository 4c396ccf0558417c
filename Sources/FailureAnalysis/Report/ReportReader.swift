package import Basics
package import Policy

extension LogAnalyzer {
    /// Lines of evidence a report quotes.
    private static let quotedLines = 40
    private static let mostTests = 50

    /// Reads the log twice: once for its traits, once for the words of the lines chosen, which come without credentials.
    package func report(on file: LogFile, redactor: Redactor, memory: LogMemory = .none) throws(LogError) -> FailureReport {
        let table = try read(file)
        let wanted = excerpts(of: table, lines: [Self.quotedLines], memory: memory).flatMap { $0.ranges.flatMap { Array($0.lines) } }
        return try report(on: file, table, EvidenceFinder(table, shapes: shapes), quoting: Set(wanted), redactor, memory)
    }

    /// One report for each cause: the first command that failed, and later ones of the same job that failed for a reason of their own.
    ///
    /// What fails after the first failure mostly fails because of it, so a later command counts only when its own lines name the cause
    /// and it is one of the code: a test, the compiler, a linter. At most four.
    package func reports(on file: LogFile, redactor: Redactor, memory: LogMemory = .none) throws(LogError) -> [FailureReport] {
        let table = try read(file)
        var reports = [try report(on: file, redactor: redactor, memory: memory)]
        for step in FailingStep(in: table).later(in: table, most: 12) where reports.count < 4 {
            let finder = EvidenceFinder(table, shapes: shapes, step: step)
            let blocks = finder.blocks().filter { $0.lines.lowerBound >= step.start && $0.lines.lowerBound <= step.end }
            let telling = blocks.filter { shapes[$0.shape].role == .cause && !shapes[$0.shape].isGeneral }
            guard !telling.isEmpty else { continue }
            let wanted = telling.flatMap { Array($0.lines) }.prefix(Self.quotedLines)
            let report = try report(on: file, table, finder, quoting: Set(wanted), redactor, memory)
            guard [.test, .compile, .lint].contains(report.failureClass) else { continue }
            guard !reports.contains(where: { $0.fingerprint.hex == report.fingerprint.hex }) else { continue }
            reports.append(report)
        }
        return reports
    }

    /// A failure that is told without a log. Statements are what others said (states, events, verdicts): the first is the headline, and
    /// together they make the fingerprint. Notes are for the reader alone. All are quoted as they came, numbered from 1.
    package func report(
        source: String, statements: [UntrustedText], notes: [UntrustedText] = [], failureClass: FailureClass
    ) -> FailureReport {
        let kept = Array(statements.filter { !$0.isEmpty }.prefix(Self.quotedLines))
        let quotes = (kept + notes).enumerated().map { FailureReport.Quote(line: $0.offset + 1, text: $0.element) }
        return FailureReport(
            source: source, fingerprint: fingerprint(ofStatements: kept, failureClass: failureClass),
            headline: kept.isEmpty ? nil : quotes.first, failingCommand: nil, verdict: nil, evidence: quotes, failedTests: [],
            lineCount: quotes.count, forgottenLines: 0)
    }

    private func report(
        on file: LogFile, _ table: LineTable, _ finder: EvidenceFinder, quoting wanted: Set<Int>, _ redactor: Redactor, _ memory: LogMemory
    ) throws(LogError) -> FailureReport {
        let fingerprint = try fingerprint(of: file, table: table, finder: finder)
        let step = finder.step
        let headline = headline(of: memory.isEmpty ? finder : EvidenceFinder(table, shapes: shapes, step: step, memory: memory))
        let tests = testLines(table, step)
        let command = step.start...min(step.start + 1, max(step.start, table.count))
        let quoted = wanted.union([headline, step.verdict].compactMap { $0 }).union(command)
        let shown = try ShownLines(redactor: redactor).read(quoted.union(tests), of: file)
        let observed = observed(tests.sorted().compactMap { shown[$0] })
        func quote(_ line: Int?) -> FailureReport.Quote? {
            guard let line, let text = shown[line], !text.isEmpty else { return nil }
            return FailureReport.Quote(line: line, text: UntrustedText(text))
        }
        return FailureReport(
            source: redactor.redact(file.path).text, fingerprint: fingerprint, headline: quote(headline),
            failingCommand: table[step.start].mark == .commandStart ? command.compactMap { quote($0) }.first(where: Self.isCommand) : nil,
            verdict: quote(step.verdict),
            evidence: wanted.sorted().compactMap { quote($0) }, failedTests: observed.map(\.name),
            lineCount: table.count, forgottenLines: table.forgotten, observedTests: observed)
    }

    /// Each test once, in the order of its lines.
    private func observed(_ lines: [String]) -> [ObservedTest] {
        var observed: [ObservedTest] = []
        for line in lines where observed.count < Self.mostTests {
            let bytes = Array(line.utf8)
            guard let name = testNames.name(in: bytes), !observed.contains(where: { $0.name == name }) else { continue }
            observed.append(ObservedTest(name: name, seconds: testDuration.seconds(in: bytes)))
        }
        return observed
    }

    /// Travis prints `travis_time:start:…` first and the command on the next line; others say both in one.
    private static func isCommand(_ quote: FailureReport.Quote) -> Bool { !quote.text.raw.hasPrefix("travis_time:") }

    /// The anchor of the strongest block that names a cause, the first of equals; `nil` when the log shows no error.
    private func headline(of finder: EvidenceFinder) -> Int? {
        let blocks = finder.blocks()
        let named = blocks.filter { shapes[$0.shape].role == .cause || shapes[$0.shape].role == .detail }
        var telling = named.filter { !finder.tellsNothing($0) }
        if telling.isEmpty, finder.remembers {
            // All that names a cause stood in a success too: a weaker line of the failing step that did not tells more.
            let step = finder.step
            telling = blocks.filter {
                shapes[$0.shape].role == .hint && !finder.tellsNothing($0) && $0.anchor >= step.start && $0.anchor <= step.end
            }
        }
        if telling.isEmpty { telling = named }
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
