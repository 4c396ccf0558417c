import Text

enum TemplateInjectionRule: WorkflowRule {
    static let id = "template-injection"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "Text from outside is pasted into a script, where it can become code."

    /// Inputs of actions that are run as code. Source: the actions' own documentation.
    private static let sinks: [String: [String]] = [
        "actions/github-script": ["script"], "azure/powershell": ["inlinescript"], "azure/cli": ["inlinescript"],
        "nick-fields/retry": ["command"], "appleboy/ssh-action": ["script"], "addnab/docker-run-action": ["run"],
    ]

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for parsed in file.parsed {
            guard let step = file.step(of: parsed.site), isCode(parsed.site, step) else { continue }
            for expression in parsed.expressions {
                if let (path, offset) = UntrustedInputs.first(in: expression.expression) {
                    let isInput = step.run == nil
                    let place = isInput ? parsed.site.text.mark : expression.mark(at: offset)
                    let line = isInput ? " (line \(expression.mark.line))" : ""
                    report.add(
                        place,
                        "'\(path)' is text anybody may choose and becomes part of the script\(line); put it into 'env:' and use the variable, quoted"
                    )
                } else if let path = callerInput(expression.expression, file) {
                    report.add(expression.mark, "'\(path)' becomes part of the script; put it into 'env:' and use the variable, quoted")
                }
            }
        }
    }

    private static func isCode(_ site: ExpressionSite, _ step: WorkflowStep) -> Bool {
        if let run = step.run, run.mark == site.text.mark { return true }
        guard let uses = step.uses, let reference = ActionReference(uses.value) else { return false }
        return (sinks[reference.name.lowercased()] ?? []).contains { step.input($0)?.mark == site.text.mark }
    }

    /// Inputs, variables and outputs of earlier steps are chosen by people with some access: still code where text was meant.
    static func callerInput(_ expression: Expression, _ file: LintedWorkflow) -> String? {
        guard let path = expression.path, path.count >= 2 else { return nil }
        let joined = path.joined(separator: ".")
        if path[0] == "inputs" || joined.hasPrefix("github.event.inputs.") { return isFreeText(path[path.count - 1], file) ? joined : nil }
        let names = ["github.ref_name", "github.event.pull_request.head.sha", "github.event.label.name"]
        return names.contains(joined) && joined != "github.event.pull_request.head.sha" ? joined : nil
    }

    private static func isFreeText(_ input: String, _ file: LintedWorkflow) -> Bool {
        let declared = file.workflow.events.flatMap(\.inputs).first { $0.name.value.lowercased() == input }
        return !["boolean", "number", "choice"].contains(declared?.type?.value ?? "string")
    }
}
