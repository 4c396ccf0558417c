import Text

enum DeprecatedCommandsRule: WorkflowRule {
    static let id = "deprecated-command"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A script prints a workflow command that GitHub has switched off."

    /// Source: github.blog changelog 2022-10-11, 2020-10-01
    private static let commands = [
        ("::set-output ", "echo \"name=value\" >> \"$GITHUB_OUTPUT\""), ("::save-state ", "echo \"name=value\" >> \"$GITHUB_STATE\""),
        ("::set-env ", "echo \"name=value\" >> \"$GITHUB_ENV\""), ("::add-path::", "echo \"path\" >> \"$GITHUB_PATH\""),
    ]

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for step in file.workflow.jobs.flatMap(\.steps) {
            guard let run = step.run else { continue }
            for (command, instead) in commands {
                guard let place = file.place(of: command, in: run) else { continue }
                let name = command.filter { $0 != ":" && $0 != " " }
                report.add(place, "the workflow command '\(name)' no longer works; write: \(instead)")
            }
        }
    }
}

extension LintedWorkflow {
    /// Where `needle` first stands in a text, by the file's own lines; the text's begin when it is spelled differently there.
    func place(of needle: String, in text: SourceText) -> YAMLMark? {
        guard text.value.holds(needle) else { return nil }
        let last = min(text.node.end.line, lines.count)
        guard text.mark.line >= 1, text.mark.line <= last else { return text.mark }
        for number in text.mark.line...last {
            let line = lines[number - 1]
            if let range = line.range(of: needle) {
                let column = line.unicodeScalars.distance(from: line.startIndex, to: range.lowerBound) + 1
                if number > text.mark.line || column >= text.mark.column { return YAMLMark(line: number, column: column) }
            }
        }
        return text.mark
    }
}
