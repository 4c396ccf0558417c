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
                    "the condition '\(text.value.trimmingLineBreaks)' is always true: it has characters around ${{ }}, so it is a text that is not empty; put the whole condition inside one ${{ }}, or leave the braces out"
                )
            } else if parsed.expressions.count == 1, parsed.expressions[0].expression.isConstant {
                report.add(
                    text.mark, "the condition '\(text.value.trimmingLineBreaks)' never changes; remove the 'if' or use a context in it")
            }
        }
    }
}

extension SourceText {
    /// `${{ … }}` with nothing before, between or behind, not even a space.
    var isExactlyOneExpression: Bool {
        let scalars = Array(value.unicodeScalars)
        guard scalars.starts(with: "${{".unicodeScalars) else { return false }
        var lexer = ExpressionLexer(scalars, from: 3)
        // What does not parse is the expression rule's business.
        guard (try? lexer.tokens(closing: true)) != nil else { return true }
        return lexer.endOffset == scalars.count
    }
}

extension String {
    var trimmingLineBreaks: String { String(prefix(80)).split(whereSeparator: \.isNewline).joined(separator: " ") }
}
