import Text

enum SecretsInEnvironmentRule: WorkflowRule {
    static let id = "secrets-in-env"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A secret is an environment variable of the whole workflow or job, so every action in it can read it."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        check(file.workflow.environment, "workflow", &report)
        for job in file.workflow.jobs where job.steps.count > 1 { check(job.environment, "job '\(job.id.value)'", &report) }
    }

    private static func check(_ variables: [EnvironmentVariable], _ place: String, _ report: inout RuleReport) {
        for variable in variables where variable.value.value.holds("secrets.") && variable.value.hasExpression {
            report.add(
                variable.name.mark,
                "'\(variable.name.value)' gives a secret to every step of the \(place); set it on the step that needs it")
        }
    }
}
