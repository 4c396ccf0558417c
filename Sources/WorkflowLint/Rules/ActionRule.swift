import Text

enum ActionRule: WorkflowRule {
    static let id = "action"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary =
        "`uses` is malformed or names an action too old to run; inputs the action does not have, or lacks ones it requires."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for step in file.workflow.jobs.flatMap(\.steps) {
            guard let uses = step.uses, !uses.hasExpression else { continue }
            if uses.value.hasPrefix("docker://") {
                checkImage(uses, &report)
            } else if ["./", "../", "$/"].contains(where: uses.value.hasPrefix) {
                LocalActionInputs.check(step, uses, file.options, &report)
            } else if uses.value.contains("://"), !file.options.isGitea {
                report.add(uses.mark, malformed(uses.value))
            } else if let reference = ActionReference(uses.value) {
                if let action = PopularAction.named(reference.name) { check(step, uses, reference, action, &report) }
            } else {
                report.add(uses.mark, malformed(uses.value))
            }
        }
    }

    private static func malformed(_ text: String) -> String {
        let forms = "write '{owner}/{repo}@{ref}', '{owner}/{repo}/{folder}@{ref}', './{folder}' or 'docker://{image}'"
        if !text.contains("@") { return "'\(text)' names no version: '@' and a ref are missing; \(forms)" }
        return "'\(text)' is no reference to an action; \(forms)"
    }

    private static func checkImage(_ uses: SourceText, _ report: inout RuleReport) {
        let image = uses.value.dropFirst("docker://".count)
        if image.isEmpty || image.hasSuffix(":") || image.hasSuffix("@") {
            report.add(uses.mark, "'\(uses.value)' names no image tag; write 'docker://{image}:{tag}' or 'docker://{image}@sha256:…'")
        }
    }

    private static func check(
        _ step: WorkflowStep, _ uses: SourceText, _ reference: ActionReference, _ action: PopularAction, _ report: inout RuleReport
    ) {
        // Of a full version we do not know what it runs on: GitHub starts some old ones with a newer Node.js.
        if let major = reference.major, reference.ref == "v\(major)", major < action.firstLivingMajor {
            report.add(uses.mark, "\(uses.value) runs on a Node.js that GitHub has removed; use v\(action.firstLivingMajor) or later")
            return
        }
        for (name, _) in step.with {
            let key = name.value.lowercased()
            if !action.inputs.contains(key), !action.takesAnyInput {
                report.add(name.mark, "\(reference.name) has no input '\(name.value)'; its inputs are \(list(action.inputNames.sorted()))")
            } else if let since = action.deprecated[key], !reference.isPinned, (reference.major ?? since) >= since {
                report.add(
                    name.mark, "input '\(name.value)' of \(reference.name) is deprecated; see the action's own list for what replaces it")
            }
        }
        let missing = action.required.filter { step.input($0.lowercased()) == nil }
        if !missing.isEmpty {
            report.add(uses.mark, "\(uses.value) needs the input \(list(missing)); it requires \(list(action.required))")
        }
    }
}

/// Inputs of an action that lives in the repository, when its metadata may be read.
enum LocalActionInputs {
    static func check(_ step: WorkflowStep, _ uses: SourceText, _ options: WorkflowLinter.Options, _ report: inout RuleReport) {
        guard let read = options.localFile, let bytes = read(uses.value + "/action.yml") ?? read(uses.value + "/action.yaml"),
            let root = try? YAML.root(of: bytes, limits: YAMLLimits(bytes: 1 << 20))
        else { return }
        let declared = (root["inputs"]?.mapping ?? []).compactMap { pair in pair.key.text.map { ($0, pair.value) } }
        let names = Set(declared.map { $0.0.lowercased() })
        let isDocker = root[path: "runs", "using"]?.text == "docker"
        for (name, _) in step.with where !names.contains(name.value.lowercased()) {
            if isDocker, ["args", "entrypoint"].contains(name.value) { continue }
            report.add(
                name.mark,
                "the action \(uses.value) has no input '\(name.value)'; its inputs are \(FieldReader.list(declared.map(\.0).sorted()))")
        }
        for (name, input) in declared
        where input["required"]?.bool == true && input["default"] == nil && step.input(name.lowercased()) == nil {
            report.add(uses.mark, "the action \(uses.value) needs the input '\(name)'")
        }
    }
}
