enum DuplicateKeyRule: WorkflowRule {
    static let id = "duplicate-key"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A key is written twice in one mapping; names chosen by the user are compared without case."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) { file.republish(id, &report) }
}
