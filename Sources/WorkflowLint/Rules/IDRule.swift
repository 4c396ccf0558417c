import Text

enum IDRule: WorkflowRule {
    static let id = "id"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A job or step id with characters GitHub refuses, or a step id used twice in a job."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            if !isValid(job.id.value) { report.add(job.id.mark, complaint("job", job.id.value)) }
            var seen: [String: Int] = [:]
            for step in job.steps {
                guard let id = step.id, !id.hasExpression else { continue }
                if !isValid(id.value) { report.add(id.mark, complaint("step", id.value)) }
                if let line = seen[id.value.lowercased()] {
                    report.add(id.mark, "step id '\(id.value)' is already used on line \(line); ids are compared without case")
                } else {
                    seen[id.value.lowercased()] = id.mark.line
                }
            }
        }
    }

    private static func isValid(_ id: String) -> Bool {
        guard let first = id.unicodeScalars.first, ExpressionLexer.isLetter(first) else { return false }
        return id.unicodeScalars.allSatisfy { ExpressionLexer.isLetter($0) || ExpressionLexer.isDigit($0) || $0 == "-" }
    }

    private static func complaint(_ kind: String, _ id: String) -> String {
        "'\(id)' is no \(kind) id: it must begin with a letter or '_' and go on with letters, digits, '-' or '_'"
    }
}
