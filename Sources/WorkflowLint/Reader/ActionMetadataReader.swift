import Text

/// Checks `action.yml`: required keys, runtimes, what each kind of action may have.
///
/// Source: docs.github.com/actions/reference/metadata-syntax-reference
enum ActionMetadataReader {
    static let summary = "An `action.yml` with unknown, missing or misplaced keys, or a runtime GitHub does not have."
    private static let runtimes = ["composite", "docker", "node20", "node24"]
    private static let keys = ["name", "author", "description", "inputs", "outputs", "runs", "branding"]

    static func lint(_ document: YAMLDocument?) -> [WorkflowDiagnostic] {
        var fields = FieldReader()
        guard let root = document?.root, let sections = fields.fields(of: root, in: "action", known: keys) else {
            return finish(fields, document)
        }
        for name in ["name", "description", "runs"] where !sections.contains(where: { $0.key.value == name }) {
            fields.complain("the action has no '\(name)'", at: root.start)
        }
        for section in sections {
            switch section.key.value {
            case "inputs":
                for input in fields.fields(of: section.value, in: "inputs", allowsEmpty: true) ?? [] where !input.value.isNull {
                    _ = fields.fields(
                        of: input.value, in: "inputs.\(input.key.value)",
                        known: ["description", "required", "default", "deprecationMessage", "type"], allowsEmpty: true)
                }
            case "runs": readRuns(section.value, &fields)
            default: break
            }
        }
        return finish(fields, document)
    }

    private static func readRuns(_ node: YAMLNode, _ fields: inout FieldReader) {
        guard let using = node["using"]?.text else {
            fields.complain("'runs' needs 'using': \(FieldReader.list(runtimes))", at: node.start)
            return
        }
        let start = node["using"]?.start ?? node.start
        guard runtimes.contains(using) else {
            fields.complain("'\(using)' is no runtime; the runtimes are \(FieldReader.list(runtimes))", at: start)
            return
        }
        let (known, needed): ([String], String) =
            switch using {
            case "composite": (["using", "steps"], "steps")
            case "docker": (["using", "image", "args", "entrypoint", "pre-entrypoint", "post-entrypoint", "env"], "image")
            default: (["using", "main", "pre", "pre-if", "post", "post-if"], "main")
            }
        _ = fields.fields(of: node, in: "runs (\(using))", known: known)
        if node[needed] == nil { fields.complain("a \(using) action needs '\(needed)'", at: node.start) }
        if using == "composite" { for step in node["steps"]?.sequence ?? [] { checkComposite(step, &fields) } }
    }

    private static func checkComposite(_ step: YAMLNode, _ fields: inout FieldReader) {
        let known = ["id", "if", "name", "env", "continue-on-error", "run", "shell", "working-directory", "uses", "with"]
        guard fields.fields(of: step, in: "step", known: known) != nil else { return }
        if step["run"] == nil, step["uses"] == nil { fields.complain("a step needs 'run' or 'uses'", at: step.start) }
        if step["run"] != nil, step["shell"] == nil { fields.complain("a 'run' step of a composite action needs 'shell'", at: step.start) }
    }

    private static func finish(_ fields: FieldReader, _ document: YAMLDocument?) -> [WorkflowDiagnostic] {
        let anchors = document.map(YAMLSyntaxRule.anchorProblems).orEmpty
        return anchors
            + fields.problems.map { problem in
                var problem = problem
                if problem.rule == StructureRule.id { problem.rule = "action-metadata" }
                return problem
            }
    }
}
