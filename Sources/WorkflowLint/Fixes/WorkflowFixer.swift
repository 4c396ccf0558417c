import Text

/// A released version of an action, and the commit its tag named.
package struct ActionRelease: Sendable, Hashable {
    package var tag: String
    /// 40 hex digits.
    package var commit: String

    package init(tag: String, commit: String) {
        self.tag = tag
        self.commit = commit
    }
}

/// A change that settles findings of one rule.
package struct WorkflowFix: Sendable {
    package let rule: String
    /// Line of the finding.
    package let line: Int
    /// What it does and what to look at before taking it, as a sentence.
    package let change: String
    let edit: FileEdit
}

/// A finding for which no change is proposed, and why.
package struct UnfixedFinding: Sendable, Hashable {
    package let rule: String
    package let line: Int
    package let reason: String
}

/// What a fixer says of one file.
struct FixReport {
    private(set) var fixes: [WorkflowFix] = []
    private(set) var unfixed: [UnfixedFinding] = []

    mutating func fix(_ rule: String, _ mark: YAMLMark, _ change: String, _ edit: FileEdit) {
        fixes.append(WorkflowFix(rule: rule, line: mark.line, change: change, edit: edit))
    }

    mutating func leave(_ rule: String, _ mark: YAMLMark, _ reason: String) {
        unfixed.append(UnfixedFinding(rule: rule, line: mark.line, reason: reason))
    }
}

/// Proposes changes for what one rule finds: a file in `Fixes/` and a line in `FixRegistry`. It changes nothing it is not sure of.
protocol WorkflowFixer: Sendable {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport)
}

/// What fixes need to know beyond the file.
package struct FixKnowledge: Sendable {
    /// The release a reference such as (`actions/checkout`, `v7`) names; `nil` when nobody asked the forge.
    package var release: @Sendable (_ repository: String, _ ref: String) -> ActionRelease?

    package init(release: @escaping @Sendable (String, String) -> ActionRelease?) { self.release = release }
}

enum FixRegistry {
    static let fixers: [any WorkflowFixer.Type] = [
        PinFixer.self, PermissionsFixer.self, CredentialsFixer.self, EnvironmentFixer.self, TimeoutFixer.self,
    ]
}

extension LintedWorkflow {
    /// The scalars of line `number`, from 1; empty beyond the file.
    func scalars(ofLine number: Int) -> [Unicode.Scalar] {
        lines.indices.contains(number - 1) ? Array(lines[number - 1].unicodeScalars) : []
    }

    /// Nothing but spaces stands before the mark.
    func startsItsLine(_ mark: YAMLMark) -> Bool {
        let line = scalars(ofLine: mark.line)
        return mark.column >= 1 && mark.column <= line.count + 1 && line.prefix(mark.column - 1).allSatisfy { $0 == " " }
    }

    /// Adds `keys` as neighbours before the key at `mark`, whether it begins its line or follows a `- `. `nil` in flow style.
    func insertion(of keys: [String], before mark: YAMLMark) -> FileEdit? {
        let indent = String(repeating: " ", count: max(0, mark.column - 1))
        if startsItsLine(mark) {
            return FileEdit(insertions: [.init(after: mark.line - 1, lines: keys.map { indent + $0 })])
        }
        let before = scalars(ofLine: mark.line).prefix(max(0, mark.column - 1))
        guard before.allSatisfy({ $0 == " " || $0 == "-" }) else { return nil }
        let text = keys.enumerated().map { $0.offset == 0 ? $0.element : indent + $0.element }.joined(separator: "\n") + "\n" + indent
        return FileEdit(replacements: [.init(line: mark.line, columns: (mark.column - 1)..<(mark.column - 1), text: text)])
    }

    /// Where `text` stands as written; `nil` when the value came through an alias or escapes.
    func place(of text: SourceText) -> (line: Int, columns: Range<Int>)? {
        let line = scalars(ofLine: text.mark.line)
        let wanted = Array(text.value.unicodeScalars)
        let quote = text.node.scalar?.style == .plain ? 0 : 1
        let start = text.mark.column - 1 + quote
        guard start >= 0, start + wanted.count <= line.count, line[start..<(start + wanted.count)].elementsEqual(wanted) else { return nil }
        return (text.mark.line, start..<(start + wanted.count))
    }
}
