/// One finding of the linter: where, which rule, how bad, and what to write instead.
package struct WorkflowDiagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
        /// Works, and is dangerous or will rot: security rules and advice.
        case warning
        /// GitHub refuses the file, or it cannot do what it says.
        case error

        package static func < (a: Severity, b: Severity) -> Bool { a == .warning && b == .error }
    }

    /// Name of the rule, e.g. `job-needs`; its section in `docs/workflow-rules.md` has the same name.
    package var rule: String
    package var severity: Severity
    /// From 1, in the file's own lines.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    package var message: String

    package init(rule: String, severity: Severity, line: Int, column: Int, message: String) {
        self.rule = rule
        self.severity = severity
        self.line = line
        self.column = column
        self.message = message
    }
}
