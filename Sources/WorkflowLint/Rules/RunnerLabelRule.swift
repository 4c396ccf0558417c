import Text

enum RunnerLabelRule: WorkflowRule {
    static let id = "runner-label"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "`runs-on` asks for a runner nobody has, or for labels no single runner can have."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            let labels = job.runsOn.flatMap { resolved($0, job) }
            let ownRunner = job.hasRunnerGroup
            for label in labels where !ownRunner && !RunnerLabels.isKnown(label.value) && !isOwn(label.value, file.options) {
                if label.value.isEmpty || label.hasExpression { continue }
                report.add(
                    label.mark,
                    "no runner has the label '\(label.value)'; GitHub's are \(list(RunnerLabels.hosted)), self-hosted runners have \(list(RunnerLabels.selfHosted)); list your own in .github/actionlint.yaml under 'self-hosted-runner: labels:'"
                )
            }
            checkConflicts(job, &report)
        }
    }

    private static func isOwn(_ label: String, _ options: WorkflowLinter.Options) -> Bool {
        options.runnerLabels.contains(label.lowercased())
    }

    /// Each label that comes from an expression is one of several and is compared with the fixed ones only.
    private static func checkConflicts(_ job: WorkflowJob, _ report: inout RuleReport) {
        let fixed = job.runsOn.filter { !$0.hasExpression }
        for (index, label) in fixed.enumerated() {
            guard let other = fixed[..<index].first(where: { RunnerLabels.conflict($0.value, label.value) }) else { continue }
            report.add(label.mark, "no runner has both '\(label.value)' and '\(other.value)'; to run on each of them use a matrix")
        }
        for label in job.runsOn.filter(\.isExpression).flatMap({ resolved($0, job) }) where !label.hasExpression {
            guard let other = fixed.first(where: { RunnerLabels.conflict($0.value, label.value) }) else { continue }
            report.add(label.mark, "no runner has both '\(label.value)' and '\(other.value)'; to run on each of them use a matrix")
        }
    }

    /// `${{ matrix.os }}` stands for the values of that row and of `include`.
    static func resolved(_ label: SourceText, _ job: WorkflowJob) -> [SourceText] {
        guard label.isExpression, let name = matrixName(label.value), let matrix = job.matrix else { return [label] }
        var nodes: [YAMLNode] = []
        for row in matrix.rows where row.name.value.lowercased() == name { nodes += row.values.sequence ?? [] }
        for entry in matrix.include?.sequence ?? [] {
            nodes += (entry.mapping ?? []).filter { $0.key.text?.lowercased() == name }.map(\.value)
        }
        return nodes.flatMap { $0.sequence ?? [$0] }.compactMap { node in node.string.map { SourceText(value: $0, node: node) } }
    }

    private static func matrixName(_ text: String) -> String? {
        var lexer = ExpressionLexer(text.unicodeScalars.dropFirst(3))
        guard let tokens = try? lexer.tokens(closing: true), let path = (try? ExpressionParser.parse(tokens))?.path else { return nil }
        return path.count == 2 && path[0] == "matrix" ? path[1] : nil
    }
}
