enum UnsoundContainsRule: WorkflowRule {
    static let id = "unsound-contains"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "`contains('a b', x)` looks for a part of a text where an element of a list is meant."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for parsed in file.parsed where parsed.site.role == .condition {
            for expression in parsed.expressions {
                expression.expression.walk { part in
                    guard case .call(let name, let arguments) = part.form, name.lowercased() == "contains", arguments.count == 2 else {
                        return
                    }
                    guard case .string(let text) = arguments[0].form, let path = arguments[1].path, path.first == "github" else { return }
                    guard text.contains(" ") || text.contains(",") else { return }
                    report.add(
                        expression.mark(at: part.offset),
                        "'\(text)' contains any part of itself, also a branch named '\(text.prefix(2))'; compare each value, or use fromJSON('[…]')"
                    )
                }
            }
        }
    }
}
