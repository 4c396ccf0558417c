enum IfConditionRule: WorkflowRule {
    static let id = "if-condition"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "An `if:` that is always true or always false."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for parsed in file.parsed where parsed.site.role == .condition {
            let text = parsed.site.text
            if text.hasExpression, !text.isExactlyOneExpression {
                report.add(
                    text.mark,
                    "the condition '\(text.value.trimmingLineBreaks)' is always true: it has characters around ${{ }}, so it is a text that is not empty; put the whole condition inside one ${{ }}, or leave the braces out")
            } else if parsed.expressions.count == 1, parsed.expressions[0].expression.isConstant {
                report.add(text.mark, "the condition '\(text.value.trimmingLineBreaks)' never changes; remove the 'if' or use a context in it")
            }
        }
    }
}

extension SourceText {
    /// `${{ … }}` with nothing before, between or behind, not even a space.
    var isExactlyOneExpression: Bool {
        guard value.hasPrefix("${{"), value.hasSuffix("}}") else { return false }
        guard let second = value.range(of: "${{", from: value.index(value.startIndex, offsetBy: 3)) else { return true }
        // A second opening inside a string literal of the first expression is harmless.
        return value.range(of: "}}").map { $0.lowerBound > second.lowerBound } ?? false
    }
}

extension String {
    var trimmingLineBreaks: String { String(prefix(80)).split(whereSeparator: \.isNewline).joined(separator: " ") }
}
