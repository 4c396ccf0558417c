import Text

/// Expressions of a script moved into `env:` of their step, where their text can no longer become code.
enum EnvironmentFixer: WorkflowFixer {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport) {
        for parsed in file.parsed {
            guard let job = parsed.site.job, file.workflow.jobs.indices.contains(job), let step = file.step(of: parsed.site),
                let run = step.run, run.mark == parsed.site.text.mark
            else { continue }
            let risks = parsed.expressions.compactMap { expression in risk(expression, file).map { (expression, $0) } }
            if risks.isEmpty { continue }
            let shell = StepShell.of(step, in: file.workflow.jobs[job], file.workflow)
            guard shell == "bash" || shell == "sh" else {
                let name = shell.isEmpty ? "cannot be told; name it with 'shell: bash'" : "is '\(shell)'"
                for (expression, risk) in risks { report.leave(risk.rule, expression.mark, "the step's shell \(name)") }
                continue
            }
            var move = EnvironmentMove(step, run, file)
            for (expression, risk) in risks { move.take(expression, risk, &report) }
            move.finish(&report)
        }
    }

    struct Risk {
        var rule: String
        var path: [String]
        /// Somebody with access chose the words, so several may be meant.
        var mayBeWords: Bool
    }

    private static func risk(_ parsed: ParsedExpression, _ file: LintedWorkflow) -> Risk? {
        if let (path, _) = UntrustedInputs.first(in: parsed.expression) {
            return Risk(
                rule: TemplateInjectionRule.id, path: parsed.expression.path ?? path.split(separator: ".").map(String.init),
                mayBeWords: false)
        }
        guard let path = parsed.expression.path else { return nil }
        if TemplateInjectionRule.callerInput(parsed.expression, file) != nil {
            return Risk(rule: TemplateInjectionRule.id, path: path, mayBeWords: path[0] == "inputs" || path.contains("inputs"))
        }
        return path.count == 2 && path[0] == "secrets" ? Risk(rule: SecretsExposureRule.id, path: path, mayBeWords: false) : nil
    }
}

/// The expressions of one script that move together: one `env:` takes them all.
private struct EnvironmentMove {
    private let file: LintedWorkflow
    private let step: WorkflowStep
    private let run: SourceText
    private let isBlock: Bool
    private let quoting: ScriptQuoting
    private let script: String
    private var names: [String: String]
    private var added: [(name: String, value: String)] = []
    private var replacements: [FileEdit.Replacement] = []
    private var moved: [(rule: String, mark: YAMLMark, name: String)] = []

    init(_ step: WorkflowStep, _ run: SourceText, _ file: LintedWorkflow) {
        self.file = file
        self.step = step
        self.run = run
        isBlock = run.node.scalar?.style == .literal || run.node.scalar?.style == .folded
        // Values by name: what is there already under the wanted name is used when it is the same.
        names = Dictionary(step.environment.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { a, _ in a })
        let last = isBlock ? max(run.mark.line, min(run.node.end.line, file.lines.count)) : run.mark.line
        let lines = (run.mark.line...last).map { file.scalars(ofLine: $0) }
        let head = isBlock ? [] : Array((lines.first ?? []).dropFirst(max(0, run.mark.column - 1)))
        script = WorkflowLinter.withoutExpressions(run.value)
        quoting = ScriptQuoting([head] + lines.dropFirst())
    }

    private var columnOffset: Int { isBlock ? 0 : run.mark.column - 1 }

    mutating func take(_ expression: ParsedExpression, _ risk: EnvironmentFixer.Risk, _ report: inout FixReport) {
        let mark = expression.mark
        let isFirst = mark.line == run.mark.line
        let column = mark.column - 1 - (isFirst ? columnOffset : 0)
        let isPlain = run.node.scalar?.style == .plain && run.node.end.line == run.mark.line
        guard isBlock || isPlain, !isBlock || !isFirst,
            let place = quoting.found[.init(line: mark.line - run.mark.line, column: column)]
        else {
            return report.leave(risk.rule, mark, "the script is quoted, or the expression goes over several lines")
        }
        let line = file.scalars(ofLine: mark.line)
        if let reason = ShellReading.reasonToLeave(before: line[..<(mark.column - 1)], of: line, isBare: place.context != .expanding) {
            return report.leave(risk.rule, mark, reason)
        }
        let written = line[(mark.column - 1)..<(mark.column - 1 + place.end - column)]
        let value = String(String.UnicodeScalarView(written))
        let reference: (String) -> String
        switch place.context {
        case .fixed:
            return report.leave(
                risk.rule, mark,
                "between single quotes, backquotes, in quotes over several lines or in a here-document that is kept, a variable does not help"
            )
        case .bare(assigns: false) where risk.mayBeWords:
            return report.leave(risk.rule, mark, "outside quotes the value may be meant as several words; quote it and use a variable")
        case .bare where isPlain && column == 0:
            return report.leave(risk.rule, mark, "the script begins with it; write the script as a block first")
        case .bare: reference = { "\"${\($0)}\"" }
        case .expanding: reference = { "${\($0)}" }
        }
        let name = variable(for: value, risk.path)
        let start = mark.column - 1
        replacements.append(.init(line: mark.line, columns: start..<(start + written.count), text: reference(name)))
        moved.append((risk.rule, mark, name))
    }

    /// A name for `value`, the present one when the step has it already.
    private mutating func variable(for value: String, _ path: [String]) -> String {
        let base = Self.name(path)
        for candidate in [base] + (2...99).map({ "\(base)_\($0)" }) {
            if names[candidate] == value { return candidate }
            // A variable of the script's own would be overwritten, or overwrite it.
            if names[candidate] == nil, !script.holds(candidate) {
                names[candidate] = value
                added.append((candidate, value))
                return candidate
            }
        }
        return base
    }

    private static let reserved: Set<String> = ["PATH", "HOME", "SHELL", "USER", "PWD", "IFS", "CI", "LANG", "TMPDIR", "BASH_ENV", "ENV"]

    private static func name(_ path: [String]) -> String {
        var parts = path.filter { $0 != "*" }
        if parts.first == "github" { parts.removeFirst() }
        if parts.first == "event" { parts.removeFirst() }
        if parts.first == "secrets" { parts.removeFirst() }
        if parts.first == "inputs" { parts[0] = "input" }
        var name = parts.suffix(3).joined(separator: "_").uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        if name.first.map({ $0.isNumber }) ?? true { name.insert("V", at: 0) }
        let text = String(name)
        return reserved.contains(text) || text.hasPrefix("GITHUB_") || text.hasPrefix("RUNNER_") ? text + "_VALUE" : text
    }

    func finish(_ report: inout FixReport) {
        guard !replacements.isEmpty else { return }
        guard let environment = environment else {
            for item in moved { report.leave(item.rule, item.mark, "the step or its 'env' is in flow style; write it as a block first") }
            return
        }
        var edit = environment
        edit.replacements += replacements
        for (index, item) in moved.enumerated() {
            report.fix(item.rule, item.mark, "the value reaches the script as the variable '\(item.name)'", index == 0 ? edit : FileEdit())
        }
    }

    private var environment: FileEdit? {
        let entries = added.map { "\($0.name): \(Self.quoted($0.value))" }
        if entries.isEmpty { return FileEdit() }
        if let first = step.environment.first {
            return file.startsItsLine(first.name.mark) ? file.insertion(of: entries, before: first.name.mark) : nil
        }
        guard step.environmentKey == nil, let key = step.runKey else { return nil }
        return file.insertion(of: ["env:"] + entries.map { "  " + $0 }, before: key)
    }

    /// `: ` and ` #` mean something in a plain scalar.
    private static func quoted(_ value: String) -> String {
        guard value.holds(": ") || value.holds(" #") else { return value }
        return "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
