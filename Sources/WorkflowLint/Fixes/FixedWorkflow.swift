import Text

/// A workflow with the changes that settle what the linter found, as far as they are safe to propose.
package struct FixedWorkflow: Sendable {
    package let fixes: [WorkflowFix]
    package let unfixed: [UnfixedFinding]
    /// The whole file afterwards.
    package let text: String
    private let edited: EditedText?

    /// A patch for `git apply`; empty when nothing is proposed.
    package func patch(path: String) -> String { edited?.patch(path: path) ?? "" }

    fileprivate init(_ report: FixReport, _ edited: EditedText?, original: String) {
        fixes = edited == nil ? [] : report.fixes
        unfixed = report.unfixed
        self.edited = edited
        text = edited?.text ?? original
    }
}

extension WorkflowLinter {
    /// Proposed changes. The result is linted again: a file that would not be better, or would have an error more, is left alone.
    package static func fixed(
        _ bytes: [UInt8], path: String, options: Options = Options(), knowing knowledge: FixKnowledge
    ) -> FixedWorkflow {
        let original = String(decoding: bytes, as: UTF8.self)
        let limits = YAMLLimits(bytes: 2 << 20, nodes: 100_000, expandedNodes: 200_000)
        var report = FixReport()
        guard let documents = try? YAML.documents(in: bytes, limits: limits, recoveringAliases: true), !isActionMetadata(path) else {
            return FixedWorkflow(report, nil, original: original)
        }
        let options = placed(options, path)
        let file = read(documents.first, bytes, options)
        for fixer in FixRegistry.fixers { fixer.propose(file, knowledge, &report) }
        let before = lint(bytes, path: path, options: options)
        if bytes.contains(0x0D) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return FixedWorkflow(
                refused(report, "the file's lines end in CR LF, or it begins with a byte order mark"), nil, original: original)
        }
        guard !report.fixes.isEmpty, let edited = EditedText(file.lines, report.fixes.map(\.edit)) else {
            return FixedWorkflow(report, nil, original: original)
        }
        let after = lint(Array(edited.text.utf8), path: path, options: options)
        let errors = { (findings: [WorkflowDiagnostic]) in findings.count { $0.severity == .error } }
        guard errors(after) <= errors(before), after.count < before.count else {
            return FixedWorkflow(refused(report, "the change was tried, and the file would be no better"), nil, original: original)
        }
        return FixedWorkflow(report, edited, original: original)
    }

    /// `owner/name` and ref of every action that is not named by its commit.
    package static func movableActions(in bytes: [UInt8], path: String) -> Set<[String]> {
        let limits = YAMLLimits(bytes: 2 << 20, nodes: 100_000, expandedNodes: 200_000)
        guard !isActionMetadata(path), let documents = try? YAML.documents(in: bytes, limits: limits, recoveringAliases: true) else {
            return []
        }
        let workflow = read(documents.first, bytes, Options()).workflow
        let uses = workflow.jobs.flatMap { $0.steps.compactMap(\.uses) + [$0.call?.uses].compactMap { $0 } }
        return Set(
            uses.compactMap { text in
                guard !text.hasExpression, let reference = ActionReference(text.value), !reference.isPinned else { return nil }
                return ["\(reference.owner)/\(reference.repository)", reference.ref]
            })
    }

    private static func refused(_ report: FixReport, _ reason: String) -> FixReport {
        var result = FixReport()
        for finding in report.unfixed { result.leave(finding.rule, YAMLMark(line: finding.line, column: 1), finding.reason) }
        for fix in report.fixes { result.leave(fix.rule, YAMLMark(line: fix.line, column: 1), reason) }
        return result
    }
}
