enum StructureRule: WorkflowRule {
    static let id = "structure"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "An unknown, missing, misplaced or empty key, or a value of the wrong kind."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) { file.republish(id, &report) }
}
