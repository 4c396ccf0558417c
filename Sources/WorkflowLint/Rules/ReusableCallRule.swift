import Text

enum ReusableCallRule: WorkflowRule {
    static let id = "reusable-call"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A call of a reusable workflow that is malformed, or whose inputs and secrets do not fit the workflow called."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            guard let call = job.call, !call.uses.value.isEmpty, !call.uses.hasExpression else { continue }
            if let complaint = complaint(about: call.uses.value) {
                report.add(call.uses.mark, complaint)
            } else if call.uses.value.hasPrefix("./"), let read = file.options.localFile {
                checkLocal(call, read, &report)
            }
        }
    }

    private static func complaint(about uses: String) -> String? {
        let forms = "write '{owner}/{repo}/{path}.yml@{ref}' or './{path}.yml'"
        if uses.hasPrefix("$/") { return nil }
        if uses.hasPrefix("./") { return uses.contains("@") ? "'\(uses)' is a file of this repository and takes no '@ref'; \(forms)" : nil }
        guard let reference = ActionReference(uses), !reference.path.isEmpty else {
            return "'\(uses)' is no reference to a reusable workflow; \(forms)"
        }
        return nil
    }

    private static func checkLocal(_ call: ReusableCall, _ read: (String) -> [UInt8]?, _ report: inout RuleReport) {
        guard let bytes = read(call.uses.value) else {
            report.add(call.uses.mark, "'\(call.uses.value)' is not there or cannot be read")
            return
        }
        guard let documents = try? YAML.documents(in: bytes, limits: YAMLLimits(bytes: 1 << 20)) else { return }
        var reader = WorkflowReader()
        reader.read(documents.first?.root)
        guard let event = reader.workflow.events.first(where: { $0.name.value == "workflow_call" }) else {
            report.add(call.uses.mark, "'\(call.uses.value)' has no 'on: workflow_call', so it cannot be called")
            return
        }
        checkNames("input", call.inputs, event.inputs.map(\.name.value), call, &report)
        for input in event.inputs
        where input.isRequired && !call.inputs.contains(where: { $0.name.value.lowercased() == input.name.value.lowercased() }) {
            report.add(call.uses.mark, "'\(call.uses.value)' needs the input '\(input.name.value)'")
        }
        guard call.inheritsSecrets == nil, let secrets = event.secrets else { return }
        checkNames("secret", call.secrets, secrets.map(\.name.value), call, &report)
        for secret in secrets
        where secret.isRequired && !call.secrets.contains(where: { $0.name.value.lowercased() == secret.name.value.lowercased() }) {
            report.add(call.uses.mark, "'\(call.uses.value)' needs the secret '\(secret.name.value)'")
        }
    }

    private static func checkNames(
        _ kind: String, _ given: [(name: SourceText, value: SourceText)], _ known: [String], _ call: ReusableCall,
        _ report: inout RuleReport
    ) {
        let names = Set(known.map { $0.lowercased() })
        for (name, _) in given where !names.contains(name.value.lowercased()) {
            let hint = known.isEmpty ? "it has none" : "it has \(list(known.sorted()))"
            report.add(name.mark, "'\(call.uses.value)' has no \(kind) '\(name.value)'; \(hint)")
        }
    }
}
