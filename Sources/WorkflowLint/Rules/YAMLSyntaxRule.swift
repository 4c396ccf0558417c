import Text

enum YAMLSyntaxRule: WorkflowRule {
    static let id = "yaml-syntax"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "The file is no valid YAML, or goes beyond the limits of what is read."

    /// Reported where parsing ends, before there is a file to check.
    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {}

    static func anchorProblems(_ document: YAMLDocument) -> [WorkflowDiagnostic] {
        let broken = document.brokenAliases.map { error in
            WorkflowDiagnostic(rule: YAMLAnchorRule.id, severity: .error, line: error.line, column: error.column, message: error.reason)
        }
        let unused = document.anchors.filter { anchor in
            anchor.uses == 0 && !document.brokenAliases.contains { $0.reason.contains("'*\(anchor.name)'") }
        }
        return broken
            + unused.map { anchor in
                WorkflowDiagnostic(
                    rule: YAMLAnchorRule.id, severity: .error, line: anchor.mark.line, column: anchor.mark.column,
                    message: "anchor '&\(anchor.name)' is never used; remove it or refer to it as '*\(anchor.name)'")
            }
    }
}
