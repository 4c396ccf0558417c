import Text

enum ExpressionRule: WorkflowRule {
    static let id = "expression"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "An expression that does not parse, uses what is not available at its place, or whose types do not fit."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        var types = ContextTypes(file.workflow)
        for site in file.parsed {
            for fault in site.faults { report.add(fault.mark, fault.message) }
            let contexts = types.contexts(for: site.site)
            for expression in site.expressions {
                check(expression, site.site, contexts, &report)
            }
        }
        checkInputDefaults(file, &types, &report)
    }

    private static func check(
        _ parsed: ParsedExpression, _ site: ExpressionSite, _ contexts: [String: ExpressionType], _ report: inout RuleReport
    ) {
        var checker = ExpressionChecker(contexts: contexts, availability: site.key.flatMap(ContextAvailability.of))
        let type = checker.type(of: parsed.expression)
        for fault in checker.faults { report.add(parsed.mark(at: fault.offset), fault.message) }
        guard checker.faults.isEmpty else { return }
        switch site.role {
        case .condition: break
        case .template:
            if type.isCollectionOrNull {
                report.add(parsed.mark, "this expression gives \(type.name), which makes no useful text; read a property or use toJSON(…)")
            }
        case .whole(let wanted):
            if let complaint = misfit(type, wanted) { report.add(site.text.mark, complaint) }
        }
    }

    private static func misfit(_ type: ExpressionType, _ wanted: String) -> String? {
        if type == .any { return nil }
        switch wanted {
        case "bool": return type == .bool ? nil : "the expression must give true or false and gives \(type.name)"
        case "number": return type == .number ? nil : "the expression must give a number and gives \(type.name)"
        case "object":
            if case .object = type { return nil }
            return "the expression must give an object and gives \(type.name)"
        case "list":
            if case .array = type { return nil }
            return "the expression must give an array and gives \(type.name)"
        case "runner":
            switch type {
            case .string: return nil
            case .array(let element, _) where element == .string || element == .any: return nil
            default: return "'runs-on' takes a string or an array of strings; the expression gives \(type.name)"
            }
        default: return nil
        }
    }

    /// Defaults of `workflow_call` inputs see the inputs declared above them.
    private static func checkInputDefaults(_ file: LintedWorkflow, _ types: inout ContextTypes, _ report: inout RuleReport) {
        let parser = SiteParser(lines: file.lines)
        for event in file.workflow.events where event.name.value == "workflow_call" {
            for (index, input) in event.inputs.enumerated() {
                guard let text = input.defaultValue, text.hasExpression else { continue }
                let wanted = text.isExpression ? ["boolean": "bool", "number": "number"][input.type?.value ?? ""] : nil
                let key = "on.workflow_call.inputs.<inputs_id>.default"
                let site = ExpressionSite(text: text, key: key, role: wanted.map { .whole($0) } ?? .template)
                var contexts = types.contexts(for: site)
                contexts["inputs"] = ContextTypes.inputs(Array(event.inputs.prefix(index)))
                let parsed = parser.parse(site)
                for fault in parsed.faults { report.add(fault.mark, fault.message) }
                for expression in parsed.expressions { check(expression, site, contexts, &report) }
            }
        }
    }
}
