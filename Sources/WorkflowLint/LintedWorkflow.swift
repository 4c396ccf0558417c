import Text

/// Everything a rule may look at: the file read once.
struct LintedWorkflow: Sendable {
    var workflow: Workflow
    var sites: [ExpressionSite]
    var parsed: [ParsedSite]
    /// Complaints of the YAML reader and of `WorkflowReader`, by rule.
    var problems: [WorkflowDiagnostic]
    /// The file's lines, without their ends.
    var lines: [String]
    var options: WorkflowLinter.Options

    /// The step a site stands in.
    func step(of site: ExpressionSite) -> WorkflowStep? {
        guard let job = site.job, let step = site.step, workflow.jobs.indices.contains(job) else { return nil }
        let steps = workflow.jobs[job].steps
        return steps.indices.contains(step) ? steps[step] : nil
    }

    func has(event name: String) -> Bool { workflow.events.contains { $0.name.value == name } }
}

/// One `${{ }}` of a site, with the place it begins at.
struct ParsedExpression: Sendable {
    var expression: Expression
    var mark: YAMLMark
    /// Scalars between the mark and offset 0 of the expression on its first line.
    var lead: Int

    /// Where `offset` of the expression stands; exact while the expression is on one line.
    func mark(at offset: Int) -> YAMLMark { YAMLMark(line: mark.line, column: mark.column + lead + offset) }
}

struct ParsedSite: Sendable {
    var site: ExpressionSite
    var expressions: [ParsedExpression]
    var faults: [(mark: YAMLMark, message: String)]
}

/// What a rule found; the rule's name and severity are added by the linter.
struct RuleReport {
    private(set) var findings: [(mark: YAMLMark, message: String, severity: WorkflowDiagnostic.Severity?)] = []

    /// `severity` other than the rule's own.
    mutating func add(_ mark: YAMLMark, _ message: String, severity: WorkflowDiagnostic.Severity? = nil) {
        findings.append((mark, message, severity))
    }
}

/// One rule: a file in `Rules/` or `Security/` and a line in `RuleRegistry`.
protocol WorkflowRule: Sendable {
    /// In kebab case; heading of its section in `docs/workflow-rules.md`.
    static var id: String { get }
    static var severity: WorkflowDiagnostic.Severity { get }
    /// One sentence: what it finds.
    static var summary: String { get }
    static func check(_ file: LintedWorkflow, _ report: inout RuleReport)
}

extension WorkflowRule {
    static func list(_ words: some Sequence<String>) -> String { FieldReader.list(words) }
}
