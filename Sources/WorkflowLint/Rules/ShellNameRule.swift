enum ShellNameRule: WorkflowRule {
    static let id = "shell-name"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A shell GitHub does not know, or not on the job's system."

    /// Source: docs.github.com/actions/reference/workflow-syntax (jobs.<job_id>.steps[*].shell)
    private static let everywhere = ["bash", "pwsh", "python"]

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        if let shell = file.workflow.defaultShell { check(shell, systems: [], &report) }
        for job in file.workflow.jobs {
            let systems = Set(job.runsOn.flatMap { RunnerLabelRule.resolved($0, job) }.map { RunnerLabels.system(of: $0.value) })
            for shell in [job.defaultShell] + job.steps.map(\.shell) {
                if let shell { check(shell, systems: systems, &report) }
            }
        }
    }

    private static func check(_ shell: SourceText, systems: Set<RunnerLabels.System?>, _ report: inout RuleReport) {
        let name = shell.value.lowercased()
        if shell.hasExpression || shell.value.contains("{0}") { return }
        let system = systems.count == 1 ? systems.first ?? nil : nil
        let valid: [String] =
            switch system {
            case nil: everywhere + ["sh", "cmd", "powershell"]
            case .windows: everywhere + ["cmd", "powershell"]
            case .linux, .macos: everywhere + ["sh"]
            }
        guard !valid.contains(name) else { return }
        let place = system.map { $0 == .windows ? " on Windows" : " on macOS or Linux" } ?? ""
        report.add(
            shell.mark,
            "'\(shell.value)' is no shell\(place); the shells are \(list(valid.sorted())), or a command with '{0}' for the script's file")
    }
}
