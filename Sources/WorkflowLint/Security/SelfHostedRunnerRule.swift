enum SelfHostedRunnerRule: WorkflowRule {
    static let id = "self-hosted-runner"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "Pull requests run on a self-hosted runner, which keeps what they leave behind."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        guard file.has(event: "pull_request") || file.has(event: "pull_request_target") else { return }
        for job in file.workflow.jobs {
            guard let label = job.runsOn.first(where: { $0.value.lowercased() == "self-hosted" }) else { continue }
            report.add(
                label.mark,
                "job '\(job.id.value)' runs pull requests on a self-hosted runner; in a public repository anybody can put code on that machine"
            )
        }
    }
}
