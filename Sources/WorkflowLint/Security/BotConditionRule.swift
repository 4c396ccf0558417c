enum BotConditionRule: WorkflowRule {
    static let id = "bot-condition"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A condition trusts `github.actor`, which is whoever touched the event last."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for parsed in file.parsed where parsed.site.role == .condition {
            for expression in parsed.expressions {
                expression.expression.walk { part in
                    guard case .comparison("==", let left, let right) = part.form else { return }
                    for (side, other) in [(left, right), (right, left)] {
                        guard let path = side.path?.joined(separator: "."), path == "github.actor" || path == "github.triggering_actor"
                        else { continue }
                        guard case .string(let name) = other.form, name.hasSuffix("[bot]") else { continue }
                        report.add(
                            expression.mark(at: side.offset),
                            "'\(path)' is '\(name)' also when somebody else's pull request is re-run by it; compare 'github.event.pull_request.user.login'"
                        )
                    }
                }
            }
        }
    }
}
