/// Contexts whose text people without write access choose.
///
/// Source: securitylab.github.com/resources/github-actions-untrusted-input, docs.github.com (script injections)
enum UntrustedInputs {
    private static let paths: [[String]] = [
        "github.event.issue.title", "github.event.issue.body", "github.event.pull_request.title", "github.event.pull_request.body",
        "github.event.comment.body", "github.event.review.body", "github.event.review_comment.body", "github.event.pages.*.page_name",
        "github.event.commits.*.message", "github.event.commits.*.author.email", "github.event.commits.*.author.name",
        "github.event.head_commit.message", "github.event.head_commit.author.email", "github.event.head_commit.author.name",
        "github.event.pull_request.head.ref", "github.event.pull_request.head.label", "github.event.pull_request.head.repo.default_branch",
        "github.event.pull_request.head.repo.description", "github.event.pull_request.head.repo.homepage", "github.event.discussion.title",
        "github.event.discussion.body", "github.event.workflow_run.head_branch", "github.event.workflow_run.head_commit.message",
        "github.event.workflow_run.head_commit.author.email", "github.event.workflow_run.head_commit.author.name",
        "github.event.workflow_run.display_title", "github.event.workflow_run.head_repository.description", "github.event.release.name",
        "github.event.release.body",
        "github.event.workflow_run.pull_requests.*.head.ref", "github.head_ref",
    ].map { $0.split(separator: ".").map(String.init) }

    /// The untrusted path an expression reads, e.g. `github.event.issue.title`; `*` in either stands for any step.
    static func first(in expression: Expression) -> (path: String, offset: Int)? {
        var found: (String, Int)?
        visit(expression) { part in
            guard found == nil, let path = part.path, isUntrusted(path) else { return }
            found = (path.joined(separator: "."), part.offset)
        }
        return found
    }

    static func isUntrusted(_ path: [String]) -> Bool {
        paths.contains { known in
            known.count == path.count && zip(known, path).allSatisfy { $0 == $1 || $0 == "*" || $1 == "*" }
        }
    }

    /// Parts whose text can reach the result: not conditions, comparisons or the needle of `contains`.
    private static func visit(_ expression: Expression, _ body: (Expression) -> Void) {
        body(expression)
        switch expression.form {
        case .comparison, .not: break
        case .call(let name, let arguments):
            if ["contains", "startswith", "endswith", "hashfiles", "success", "failure", "always", "cancelled"].contains(name.lowercased())
            {
                break
            }
            for argument in arguments { visit(argument, body) }
        case .logical("&&", _, let right): visit(right, body)
        default: for part in expression.parts { visit(part, body) }
        }
    }
}
