import Basics

/// Text that strangers choose, pasted into a shell script before the shell reads it.
package struct UntrustedWorkflowInputRule: Rule {
    package let id = "workflow-script-injection"
    package let severity = Severity.critical
    package let category = Category.security
    package let finds = "`${{ … }}` with text from issues, pull requests, comments or commits inside a workflow's `run` or `script`."
    package let why =
        "The expression is pasted into the script before it runs: whoever writes that title, body or branch name runs commands in the job."
    package let fix = "Give the value to the step as an environment variable and use it quoted: `env: TITLE: ${{ … }}`, then `\"$TITLE\"`."

    /// Source: docs.github.com/actions/security-guides "Understanding the risk of script injections"; github.com/actions/github-script
    private static let untrusted = [
        "github.event.issue.title", "github.event.issue.body", "github.event.pull_request.title", "github.event.pull_request.body",
        "github.event.comment.body", "github.event.review.body", "github.event.review_comment.body", "github.event.discussion.title",
        "github.event.discussion.body", "github.event.pull_request.head.ref", "github.event.pull_request.head.label",
        "github.event.pull_request.head.repo.default_branch", "github.event.head_commit.message", "github.event.head_commit.author.name",
        "github.event.head_commit.author.email", "github.event.workflow_run.head_branch", "github.event.workflow_run.head_commit.message",
        "github.event.workflow_run.display_title", "github.head_ref", "github.event.inputs.", "github.event.client_payload",
    ]
    /// Lists whose elements carry such text: `github.event.commits[0].message`, `github.event.pages.*.page_name`.
    private static let untrustedEnds = ["github.event.commits": [".message", ".name", ".email"], "github.event.pages": [".page_name"]]

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        change.files.compactMap(WorkflowText.init).flatMap { workflow in
            ["run", "script"].flatMap(workflow.scalarLines).compactMap { line -> RuleHit? in
                guard line.isAdded, let name = Self.untrustedExpression(in: line.text) else { return nil }
                return RuleHit(
                    path: workflow.path, target: .lines(line.number...line.number),
                    title: UntrustedText("`\(name)` is pasted into a script"),
                    severity: name.hasPrefix("github.event.inputs") || name.hasPrefix("github.event.client_payload") ? .medium : nil)
            }
        }
    }

    static func untrustedExpression(in text: String) -> String? {
        var rest = text[...]
        while let open = rest.firstRange(of: "${{") {
            let after = rest[open.upperBound...]
            let close = after.firstRange(of: "}}")
            let expression = after[..<(close?.lowerBound ?? after.endIndex)].filter { $0 != " " }.lowercased()
            if let name = untrusted.first(where: { expression.contains($0) }) { return name }
            for (start, ends) in untrustedEnds where expression.contains(start) {
                if ends.contains(where: { expression.contains($0) }) { return start }
            }
            rest = close.map { after[$0.upperBound...] } ?? ""
        }
        return nil
    }
}
