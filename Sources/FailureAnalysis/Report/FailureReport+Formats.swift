package import Basics
package import Policy

extension FailureReport {
    /// For an issue, a comment or a summary: quotes are fenced, nothing in them acts. Redaction happens where it is published.
    package var markdown: Markdown {
        var parts: [Markdown] = []
        if let headline {
            parts.append("**\(word: failureClass.rawValue)**: \(code: headline.text)")
        } else {
            parts.append("**Insufficient evidence**: no line of the log names a cause.")
        }
        if let failingCommand { parts.append("Failing step: \(code: failingCommand.text)") }
        if let verdict { parts.append("Verdict, line \(verdict.line): \(code: verdict.text)") }
        if !failedTests.isEmpty { parts.append(.lines(failedTests.map { "- \(code: $0)" })) }
        if !evidence.isEmpty { parts.append(.fence(fencedEvidence)) }
        parts.append("Next: \(word: nextStep)")
        if forgottenLines > 0 { parts.append("\(forgottenLines) of \(lineCount) lines were too many to keep and are not judged.") }
        return parts.reduce(into: Markdown()) { $0 += $1 }
    }

    /// The quoted lines with their numbers, each and all of them capped: a page of evidence must not push out the rest.
    private var fencedEvidence: UntrustedText {
        var room = 12_000
        var lines: [String] = []
        for quote in evidence {
            let text = quote.text.raw
            let line = "\(quote.line): " + (text.utf8.count > 400 ? String(decoding: text.utf8.prefix(400), as: UTF8.self) + " […]" : text)
            room -= line.utf8.count + 1
            guard room > 0 else {
                lines.append("[…]")
                break
            }
            lines.append(line)
        }
        return UntrustedText(lines.joined(separator: "\n"))
    }

    /// The same report with credentials taken out of every text: what may be stored.
    package func redacted(by redactor: Redactor) -> FailureReport {
        func clean(_ text: UntrustedText) -> UntrustedText { UntrustedText(redactor.redact(text.raw).text) }
        func quoted(_ quote: Quote) -> Quote { Quote(line: quote.line, text: clean(quote.text)) }
        // Together: a secret may be broken by a line end.
        let lines = redactor.redact(lines: evidence.map { $0.text.raw.replacingExactly("\n", with: " ") })
        let quotes = zip(evidence, lines).map { Quote(line: $0.line, text: UntrustedText($1)) }
        return FailureReport(
            source: redactor.redact(source).text, fingerprint: fingerprint, headline: headline.map(quoted),
            failingCommand: failingCommand.map(quoted), verdict: verdict.map(quoted), evidence: quotes,
            failedTests: failedTests.map(clean), lineCount: lineCount, forgottenLines: forgottenLines,
            observedTests: observedTests.map { $0.map { ObservedTest(name: clean($0.name), seconds: $0.seconds) } })
    }

    /// `{"version": 1, "file", "status": "explained"|"insufficient evidence", "class", "fingerprint", "headline", "command", "verdict",
    /// "evidence": [{"line", "quote"}], "failed_tests", "test_seconds": {name: seconds}, "next_step", "lines", "unjudged_lines"}`; every text is redacted.
    package func json(redactor: Redactor) -> JSONValue { redacted(by: redactor).json }

    private var json: JSONValue {
        func text(_ text: UntrustedText) -> JSONValue { .string(text.raw) }
        func quoted(_ quote: Quote?) -> JSONValue { quote.map { ["line": .integer(Int64($0.line)), "quote": text($0.text)] } ?? .null }
        return [
            "version": 1, "file": .string(source), "status": .string(isInsufficient ? "insufficient evidence" : "explained"),
            "class": .string(failureClass.rawValue), "fingerprint": .string(fingerprint.hex), "headline": quoted(headline),
            "command": quoted(failingCommand), "verdict": quoted(verdict), "evidence": .array(evidence.map { quoted($0) }),
            "failed_tests": .array(failedTests.map { text($0) }), "test_seconds": .object(testSeconds), "next_step": .string(nextStep),
            "lines": .integer(Int64(lineCount)),
            "unjudged_lines": .integer(Int64(forgottenLines)),
        ]
    }

    private var testSeconds: [String: JSONValue] {
        let timed = (observedTests ?? []).compactMap { test in test.seconds.map { (test.name.raw, JSONValue.number($0)) } }
        return Dictionary(timed, uniquingKeysWith: { first, _ in first })
    }

    /// For a terminal; redacted.
    package func plainText(redactor: Redactor) -> String { redacted(by: redactor).plainText }

    private var plainText: String {
        func text(_ text: UntrustedText) -> String { text.raw }
        var lines = ["\(source): \(isInsufficient ? "insufficient evidence" : failureClass.rawValue)  \(fingerprint.hex)"]
        if let headline { lines.append("  what broke    \(text(headline.text))  (line \(headline.line))") }
        if let failingCommand { lines.append("  failing step  \(text(failingCommand.text))") }
        if let verdict { lines.append("  verdict       \(text(verdict.text))") }
        for name in failedTests { lines.append("  failed test   \(text(name))") }
        lines.append("  next          \(nextStep)")
        if forgottenLines > 0 { lines.append("  not judged    \(forgottenLines) of \(lineCount) lines: too many to keep") }
        var previous = 0
        for quote in evidence {
            if quote.line != previous + 1 { lines.append("  ──") }
            lines.append("  \(quote.line): \(text(quote.text))")
            previous = quote.line
        }
        return lines.joined(separator: "\n")
    }
}
