enum EnvironmentNameRule: WorkflowRule {
    static let id = "env-name"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "The name of an environment variable has '=', '&' or a space."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        let workflow = file.workflow
        var variables = workflow.environment
        for job in workflow.jobs {
            variables += job.environment + (job.container?.environment ?? [])
            for service in job.services { variables += service.container.environment }
            for step in job.steps { variables += step.environment }
        }
        for variable in variables where !variable.name.hasExpression {
            guard let wrong = variable.name.value.first(where: { $0 == "=" || $0 == "&" || $0 == " " }) else { continue }
            report.add(variable.name.mark, "'\(variable.name.value)' is no name of an environment variable: it has '\(wrong)'")
        }
    }
}
