import Text

enum YAMLAnchorRule: WorkflowRule {
    static let id = "yaml-anchor"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary =
        "An anchor nobody uses, an alias without its anchor or inside itself, or a merge key, which GitHub does not support."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) { file.republish(id, &report) }
}

extension LintedWorkflow {
    /// Complaints that were made while reading.
    func republish(_ rule: String, _ report: inout RuleReport) {
        for problem in problems where problem.rule == rule {
            report.add(.init(line: problem.line, column: problem.column), problem.message)
        }
    }
}
