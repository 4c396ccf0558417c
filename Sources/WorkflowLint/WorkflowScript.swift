import Text

/// A script of a step, for a checker of its language.
package struct WorkflowScript: Sendable, Hashable {
    /// `bash` or `sh`.
    package var shell: String
    /// Expressions are replaced by underscores of the same length, so that lines and columns stay.
    package var text: String
    /// Line of the file the script's first line stands on.
    package var firstLine: Int
    /// The script keeps the file's lines: it is a `|` block.
    package var keepsLines: Bool

    /// Line of the file for a line of the script, from 1.
    package func fileLine(of line: Int) -> Int { keepsLines ? firstLine + max(0, line - 1) : firstLine }
}

extension WorkflowLinter {
    /// POSIX scripts of a workflow; none when the file cannot be read.
    package static func scripts(in bytes: [UInt8], path: String) -> [WorkflowScript] {
        let limits = YAMLLimits(bytes: 2 << 20, nodes: 100_000, expandedNodes: 200_000)
        guard let documents = try? YAML.documents(in: bytes, limits: limits, recoveringAliases: true)
        else { return [] }
        var reader = WorkflowReader()
        reader.read(documents.first?.root)
        let workflow = reader.workflow
        return workflow.jobs.flatMap { job in
            job.steps.compactMap { step in
                let shell = StepShell.of(step, in: job, workflow)
                guard let run = step.run, shell == "bash" || shell == "sh" else { return nil }
                let isBlock = run.node.scalar?.style == .literal
                return WorkflowScript(
                    shell: shell, text: withoutExpressions(run.value), firstLine: run.mark.line + (isBlock ? 1 : 0), keepsLines: isBlock)
            }
        }
    }

    static func withoutExpressions(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        while let first = rest.first {
            guard rest.starts(with: "${{".unicodeScalars) else {
                result.append(first)
                rest = rest.dropFirst()
                continue
            }
            var lexer = ExpressionLexer(Array(rest), from: 3)
            let length = (try? lexer.tokens(closing: true)) != nil ? lexer.endOffset : 3
            for scalar in rest.prefix(length) { result.append(scalar == "\n" ? "\n" : "_") }
            rest = rest.dropFirst(length)
        }
        return String(result)
    }
}
