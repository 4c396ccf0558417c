enum SecretsExposureRule: WorkflowRule {
    static let id = "secrets-exposure"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A secret reaches a log, every step, or a whole other workflow."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for parsed in file.parsed {
            let step = file.step(of: parsed.site)
            for expression in parsed.expressions {
                check(expression, parsed.site, inRun: step?.run?.mark == parsed.site.text.mark, &report)
            }
        }
        for job in file.workflow.jobs {
            guard let mark = job.call?.inheritsSecrets else { continue }
            report.add(mark, "'secrets: inherit' hands every secret to the called workflow; pass the ones it needs by name")
        }
    }

    private static func check(_ parsed: ParsedExpression, _ site: ExpressionSite, inRun: Bool, _ report: inout RuleReport) {
        parsed.expression.walk { part in
            guard case .call(let name, let arguments) = part.form, let argument = arguments.first?.path else { return }
            if name.lowercased() == "tojson", argument == ["secrets"] {
                report.add(
                    parsed.mark(at: part.offset), "toJSON(secrets) takes every secret of the repository; name the ones that are needed")
            }
            if name.lowercased() == "fromjson", argument.first == "secrets" {
                report.add(
                    parsed.mark(at: part.offset), "values taken out of a JSON secret are not masked in logs; keep one value per secret")
            }
        }
        guard inRun, let path = parsed.expression.path, path.count == 2, path[0] == "secrets" else { return }
        report.add(
            parsed.mark, "the secret '\(path[1])' becomes part of the script's text; put it into 'env:' of this step and use the variable")
    }
}
