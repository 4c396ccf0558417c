package import Review
import Basics
import Text
import WorkflowLint

/// What the workflow linter says about lines that a change added: each rule with an id of its own, `workflow/…`.
package enum WorkflowFindings {
    /// The linter's rules that say what a built-in rule says: the latter explains itself better and is kept where both strike.
    private static let alike: [String: String] = [
        "template-injection": "workflow-script-injection", "unpinned-uses": "workflow-unpinned-action",
        "excessive-permissions": "workflow-broad-permissions", "dangerous-trigger": "workflow-pull-request-target-checkout",
    ]
    /// Rules that judge a file by more than one line: the two may name different ones.
    private static let wide: Set<String> = ["excessive-permissions", "dangerous-trigger"]
    /// Advice that is no reason to speak up in a review; `fettle verify workflow` gives it.
    private static let advice: Set<String> = ["missing-timeout"]
    private static let security: Set<String> = [
        "template-injection", "dangerous-trigger", "unpinned-uses", "excessive-permissions", "persisted-credentials", "secrets-exposure",
        "secrets-in-env", "insecure-commands", "environment-file", "cache-poisoning", "self-hosted-runner", "bot-condition",
        "unsound-contains", "piped-download", "credentials",
    ]

    package struct Outcome: Sendable {
        package let findings: [Finding]
        /// Workflow files that were read as a whole.
        package let lintedFiles: Int
    }

    /// - Parameters:
    ///   - ruled: what built-in rules found in the same change.
    ///   - disabled: ids switched off, with or without `workflow/` before them.
    package static func lint(_ change: Change, beside ruled: [Finding], disabled: Set<String> = []) -> Outcome {
        var findings: [Finding] = []
        var files = 0
        for file in change.files where file.diff.newPath != nil && WorkflowLinter.isWorkflow(path: file.path) {
            guard let text = file.headText else { continue }
            files += 1
            let added = Set(file.diff.hunks.flatMap(\.lines).filter { $0.kind == .added }.compactMap(\.newNumber))
            let present = ruled.filter { $0.path == file.diff.path }
            let lines = text.raw.split(separator: "\n", omittingEmptySubsequences: false)
            for diagnostic in news(in: text, of: file, added) {
                guard !isJudgedByRule(diagnostic, lines) else { continue }
                guard !disabled.contains(diagnostic.rule), !disabled.contains("workflow/\(diagnostic.rule)") else { continue }
                guard !isTold(diagnostic, in: present) else { continue }
                findings.append(finding(diagnostic, file))
            }
        }
        return Outcome(findings: findings, lintedFiles: files)
    }

    /// What the linter says of added lines and did not say of the base: a line that is touched is no reason to speak of what stood there.
    private static func news(in text: UntrustedText, of file: Change.File, _ added: Set<Int>) -> [WorkflowDiagnostic] {
        let diagnostics = WorkflowLinter.lint(Array(text.raw.utf8), path: file.path)
        let base = file.baseText.map { WorkflowLinter.lint(Array($0.raw.utf8), path: file.path) } ?? []
        var known: [String: Int] = [:]
        for diagnostic in base { known[key(diagnostic), default: 0] += 1 }
        for diagnostic in diagnostics where !added.contains(diagnostic.line) { known[key(diagnostic), default: 0] -= 1 }
        return diagnostics.filter { diagnostic in
            guard added.contains(diagnostic.line) else { return false }
            known[key(diagnostic), default: 0] -= 1
            return known[key(diagnostic), default: 0] < 0
        }
    }

    private static func key(_ diagnostic: WorkflowDiagnostic) -> String { "\(diagnostic.rule)\n\(diagnostic.message)" }

    /// The built-in rule on unpinned actions sees every `uses` and is silent of some on purpose: the forge's own, and new versions of
    /// one that was not pinned before either.
    private static func isJudgedByRule(_ diagnostic: WorkflowDiagnostic, _ lines: [Substring]) -> Bool {
        guard diagnostic.rule == "unpinned-uses", lines.indices.contains(diagnostic.line - 1) else { return false }
        return lines[diagnostic.line - 1].contains("uses:")
    }

    /// A built-in rule struck within a line of it: the two may count a block's first line differently.
    private static func isTold(_ diagnostic: WorkflowDiagnostic, in present: [Finding]) -> Bool {
        guard let rule = alike[diagnostic.rule] else { return false }
        return present.contains { finding in
            guard finding.source.rule == rule else { return false }
            guard !wide.contains(diagnostic.rule), case .lines(let lines) = finding.target else { return true }
            return diagnostic.line >= lines.lowerBound - 1 && diagnostic.line <= lines.upperBound + 1
        }
    }

    private static func finding(_ diagnostic: WorkflowDiagnostic, _ file: Change.File) -> Finding {
        let isSecurity = security.contains(diagnostic.rule)
        let severity: Severity =
            diagnostic.severity == .error ? .high : isSecurity ? .medium : advice.contains(diagnostic.rule) ? .info : .low
        let (title, body) = parts(of: diagnostic.message)
        return Finding(
            path: file.diff.path, target: .lines(diagnostic.line...diagnostic.line), severity: severity,
            category: isSecurity ? .security : diagnostic.severity == .error ? .bug : .maintainability,
            title: UntrustedText(title), body: UntrustedText(body), source: .rule(id: "workflow/\(diagnostic.rule)"))
    }

    /// What is wrong, and what to do about it, neither said twice; the whole message as both when it is one sentence.
    package static func parts(of message: String) -> (title: String, body: String) {
        let whole = (String(message.prefix(160)), String(message.prefix(2000)))
        guard let end = [": ", "; "].compactMap({ message.firstRange(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound }) else {
            return whole
        }
        let title = message[..<end.lowerBound].prefix(160)
        let rest = message[end.upperBound...].prefix(2000)
        guard title.count >= 12, let first = rest.first else { return whole }
        return (String(title), first.uppercased() + rest.dropFirst())
    }
}
