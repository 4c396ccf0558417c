enum PersistedCredentialsRule: WorkflowRule {
    static let id = "persisted-credentials"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "`actions/checkout` leaves the token on disk, where every later step and uploaded artifact can carry it away."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for step in file.workflow.jobs.flatMap(\.steps) {
            guard let uses = step.uses, ActionReference(uses.value)?.name.lowercased() == "actions/checkout" else { continue }
            if step.input("persist-credentials")?.value == "false" { continue }
            report.add(
                uses.mark, "the checkout keeps the token in .git/config; add 'persist-credentials: false' unless a later step pushes")
        }
    }
}
