import Basics

package struct PullRequestTargetCheckoutRule: Rule {
    package let id = "workflow-pull-request-target-checkout"
    package let severity = Severity.critical
    package let category = Category.security
    package let finds = "A workflow on `pull_request_target` or `workflow_run` that checks out the pull request's own code."
    package let why =
        "This event runs with the repository's secrets and a token that may write; the checked-out code comes from whoever opened the pull request."
    package let fix = "Use `pull_request` for work that runs the author's code, or check out the base and treat the head as data only."

    /// Source: securitylab.github.com “Preventing pwn requests”
    private static let heads = [
        "github.event.pull_request.head.sha", "github.event.pull_request.head.ref", "github.head_ref", "github.event.workflow_run.head_sha",
        "github.event.workflow_run.head_branch", "github.event.workflow_run.head_commit.id", "refs/pull/${{",
        "github.event.pull_request.merge_commit_sha",
        "github.event.pull_request.head.repo.full_name", "github.event.workflow_run.head_repository.full_name",
    ]
    private static let triggers = ["pull_request_target", "workflow_run"]

    package init() {}

    /// Either half may be what the change adds.
    package func hits(in change: Change) -> [RuleHit] {
        change.files.compactMap(WorkflowText.init).flatMap { workflow -> [RuleHit] in
            guard let trigger = workflow.lines.first(where: { Self.isTrigger($0.text) }) else { return [] }
            let checkouts = ["ref", "repository"].flatMap { key in
                workflow.lines.filter { line in
                    guard let value = WorkflowText.value(of: key, in: line)?.value else { return false }
                    let compact = value.filter { $0 != " " }
                    return Self.heads.contains { compact.contains($0) }
                }
            }
            guard checkouts.contains(where: \.isAdded) || trigger.isAdded else { return [] }
            return checkouts.prefix(1).map { line in
                let shown = line.isAdded ? line : trigger
                return RuleHit(
                    path: workflow.path, target: .lines(shown.number...shown.number),
                    title: UntrustedText("A privileged workflow checks out the pull request's own code"))
            }
        }
    }

    private static func isTrigger(_ text: String) -> Bool {
        let code = text.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
        let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        guard let name = words.first(where: triggers.contains) else { return false }
        // The key of a trigger, its place in a list, or `on: name`; not a value that mentions it.
        return words.first == name || words.first == "on"
    }
}
