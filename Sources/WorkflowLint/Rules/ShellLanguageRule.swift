enum ShellLanguageRule: WorkflowRule {
    static let id = "shell-language"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A script is written for another shell than the one that runs it."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            for step in job.steps {
                guard let run = step.run, ["bash", "sh"].contains(StepShell.of(step, in: job, file.workflow)) else { continue }
                // A step kept for Windows alone never runs where bash would read it.
                if step.condition?.value.lowercased().contains("windows") == true { continue }
                for line in run.value.split(whereSeparator: \.isNewline) {
                    let text = line.drop { $0 == " " || $0 == "\t" }
                    guard isPowerShell(text.lowercased()), let mark = file.place(of: String(text), in: run) else { continue }
                    report.add(
                        mark,
                        "'\(text.prefix(40))' is PowerShell, and this script runs in \(StepShell.of(step, in: job, file.workflow)); set 'shell: pwsh' or write it for the shell"
                    )
                }
            }
        }
    }

    private static func isPowerShell(_ line: String) -> Bool {
        if line.hasPrefix("$env:") { return line.contains("=") }
        return ["write-host ", "write-output ", "get-childitem ", "new-item ", "set-location ", "remove-item "].contains(
            where: line.hasPrefix)
    }
}

/// The shell a step's script runs in. Source: docs.github.com workflow syntax (jobs.<job_id>.steps[*].shell)
enum StepShell {
    /// Lower-case name without its arguments; `""` when it is an expression.
    static func of(_ step: WorkflowStep, in job: WorkflowJob, _ workflow: Workflow) -> String {
        if let text = step.shell ?? job.defaultShell ?? workflow.defaultShell {
            if text.hasExpression { return "" }
            return text.value.lowercased().split(separator: " ").first.map(String.init) ?? ""
        }
        let systems = Set(job.runsOn.flatMap { RunnerLabelRule.resolved($0, job) }.map { RunnerLabels.system(of: $0.value) })
        if systems == [.windows] { return "pwsh" }
        return systems.isEmpty || systems.contains(.windows) || systems.contains(nil) ? "" : "bash"
    }
}
