import Text

enum CredentialsRule: WorkflowRule {
    static let id = "credentials"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A container registry password is written into the file."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            let containers = [("container", job.container)] + job.services.map { ("service '\($0.name.value)'", Optional($0.container)) }
            for (name, container) in containers {
                guard let password = container?.password, !password.hasExpression else { continue }
                report.add(
                    password.mark, "the password of \(name) is written here for all to read; take it from a secret: ${{ secrets.NAME }}")
            }
        }
    }
}
