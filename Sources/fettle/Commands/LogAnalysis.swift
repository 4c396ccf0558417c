import Basics
import FailureAnalysis
import Forge
import Policy

/// A log's report, with what a model said where one was asked, in each format of `logs analyze`.
struct LogAnalysis {
    private let report: FailureReport
    private let explanation: Explanation?

    init(_ report: FailureReport, _ explanation: Explanation?) {
        self.report = report
        self.explanation = explanation
    }

    /// The report's object with `"explanation": {"status", "reason", "root_cause", "evidence", "fix", "tool_calls"}` or `null`.
    func json(_ redactor: Redactor) -> JSONValue {
        guard case .object(var object) = report.json(redactor: redactor) else { return .null }
        object["explanation"] =
            explanation.map { explanation in
                func text(_ text: UntrustedText) -> JSONValue { .string(redactor.redact(text.raw).text) }
                return [
                    "status": explanation.status == .explained ? "explained" : "insufficient evidence",
                    "reason": explanation.insufficiency.map { .string(redactor.redact($0).text) } ?? .null,
                    "root_cause": text(explanation.rootCause),
                    "evidence": .array(explanation.evidence.map { text($0.text) }), "fix": explanation.fix.map(text) ?? .null,
                    "tool_calls": .integer(Int64(explanation.toolCalls)),
                ]
            } ?? .null
        return .object(object)
    }

    func markdown(_ redactor: Redactor) -> PublishableText {
        var text = report.markdown
        if let explanation { text += explanation.markdown }
        return OutputHygiene(redactor: redactor).publish(text)
    }

    func plainText(_ redactor: Redactor) -> String {
        guard let explanation else { return report.plainText(redactor: redactor) }
        func clean(_ text: UntrustedText) -> String {
            OutputHygiene(redactor: redactor).publishPlain(text, limit: .kibibytes(4)).text
        }
        var lines = [report.plainText(redactor: redactor)]
        if let reason = explanation.insufficiency {
            lines.append("  model         insufficient evidence: \(clean(UntrustedText(reason)))")
        } else {
            lines.append("  likely cause  \(clean(explanation.rootCause))  (by a model; its quotes stand in the log)")
            for quote in explanation.evidence { lines.append("  it quotes     \(clean(quote.text))") }
            if let fix = explanation.fix { lines.append("  proposed fix  \(clean(fix))  (unverified)") }
        }
        return lines.joined(separator: "\n")
    }
}
