enum EnvironmentFileRule: WorkflowRule {
    static let id = "environment-file"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A privileged workflow writes `GITHUB_ENV` or `GITHUB_PATH`, which later steps trust."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        guard file.has(event: "pull_request_target") || file.has(event: "workflow_run") || file.has(event: "issue_comment") else { return }
        for step in file.workflow.jobs.flatMap(\.steps) {
            guard let run = step.run else { continue }
            for name in ["GITHUB_ENV", "GITHUB_PATH"] {
                if let mark = file.place(of: name, in: run) {
                    report.add(
                        mark,
                        "'\(name)' is written in a workflow outsiders can start: one hostile value changes every later step; use step outputs"
                    )
                }
            }
        }
    }
}
