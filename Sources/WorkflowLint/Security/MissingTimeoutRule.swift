enum MissingTimeoutRule: WorkflowRule {
    static let id = "missing-timeout"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A job without `timeout-minutes` may hang for six hours."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs where !file.options.isGitea && job.timeout == nil && job.call == nil && !job.steps.isEmpty {
            if job.steps.allSatisfy(\.hasTimeout) { continue }
            report.add(job.id.mark, "job '\(job.id.value)' has no 'timeout-minutes'; a hanging step costs 360 minutes")
        }
    }
}
