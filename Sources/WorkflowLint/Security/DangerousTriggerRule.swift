import Text

enum DangerousTriggerRule: WorkflowRule {
    static let id = "dangerous-trigger"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary =
        "The workflow runs with secrets and a write token on events outsiders cause, above all when it checks out their code."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for event in file.workflow.events {
            switch event.name.value {
            case "pull_request_target":
                report.add(
                    event.name.mark,
                    "'pull_request_target' gives code from forks a write token and secrets if it is ever run; use 'pull_request', or never check out the pull request here"
                )
            case "workflow_run":
                report.add(
                    event.name.mark,
                    "'workflow_run' runs with secrets after workflows that outsiders start; treat their artifacts and branch names as hostile"
                )
            default: continue
            }
            for step in file.workflow.jobs.flatMap(\.steps) { checkCheckout(step, event.name.value, &report) }
        }
    }

    private static func checkCheckout(_ step: WorkflowStep, _ event: String, _ report: inout RuleReport) {
        guard let uses = step.uses, ActionReference(uses.value)?.name.lowercased() == "actions/checkout", let ref = step.input("ref") else {
            return
        }
        let hostile = [
            "github.event.pull_request.head", "github.head_ref", "github.event.workflow_run.head", "refs/pull/", "github.event.number",
        ]
        guard hostile.contains(where: ref.value.contains) else { return }
        report.add(
            ref.mark,
            "a pull request's code is checked out under '\(event)', with secrets and a write token at hand; run it under 'pull_request' instead"
        )
    }
}
