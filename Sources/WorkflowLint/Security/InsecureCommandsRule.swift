enum InsecureCommandsRule: WorkflowRule {
    static let id = "insecure-commands"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "`ACTIONS_ALLOW_UNSECURE_COMMANDS` lets anything a step prints set variables."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        let workflow = file.workflow
        let variables = workflow.environment + workflow.jobs.flatMap { $0.environment + $0.steps.flatMap(\.environment) }
        for variable in variables where variable.name.value.uppercased() == "ACTIONS_ALLOW_UNSECURE_COMMANDS" {
            report.add(
                variable.name.mark,
                "'ACTIONS_ALLOW_UNSECURE_COMMANDS' brings back commands that were switched off for being exploitable; remove it")
        }
    }
}
