package import Basics
package import Forge
package import HTTP

/// How Gitea and Forgejo sign and word deliveries. They send GitHub's headers too, so theirs are looked at first and alone.
///
/// Source: docs.gitea.com/usage/webhooks, forgejo.org/docs/latest/user/webhooks
package struct GiteaWebhookDialect: WebhookDialect {
    package let forge = ForgeKind.gitea

    package init() {}

    /// Both forges send an empty header when no secret is set: that is no signature.
    package func verify(headers: HTTPHeaders, body: [UInt8], secrets: [Secret]) -> SignatureVerdict {
        let byName = ["X-Gitea-Signature", "X-Forgejo-Signature"].map { headers.values($0) }
        guard byName.allSatisfy({ $0.count <= 1 }) else { return .invalid(reason: .repeated) }
        let values = byName.flatMap { $0 }
        // Forgejo sends its own name beside Gitea's, with the same signature.
        guard Set(values).count <= 1 else { return .invalid(reason: .repeated) }
        return WebhookSignature.verdict(values: Array(values.prefix(1)), prefix: "", body: body, secrets: secrets)
    }

    package var identifyingHeaders: [String] { ["X-Gitea-Event", "X-Gitea-Delivery", "X-Forgejo-Event", "X-Forgejo-Delivery"] }

    package func envelope(headers: HTTPHeaders) -> DeliveryEnvelope {
        DeliveryEnvelope(
            deliveryID: headers["X-Gitea-Delivery"] ?? headers["X-Forgejo-Delivery"],
            event: headers["X-Gitea-Event"] ?? headers["X-Forgejo-Event"], hook: "")
    }

    private static let comments = WebhookActions.Actions.only(["created", "edited", "deleted", "reviewed"])
    private static let actions = WebhookActions([
        "pull_request": .only(["opened", "reopened", "synchronized", "edited", "closed"]), "issue_comment": comments,
        "pull_request_comment": comments, "pull_request_approved": comments, "pull_request_rejected": comments, "workflow_run": .all,
    ])

    package func unhandled(event: String, body: [UInt8]) -> ForgeEvent? { Self.actions.unhandled(event: event, body: body) }

    package func decode(event: String, body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        if let event = unhandled(event: event, body: body) { return event }
        let delivery = try read(GiteaDeliveryWire.self, body)
        switch event {
        case "pull_request": return try pullRequest(delivery, body)
        case "issue_comment", "pull_request_comment", "pull_request_approved", "pull_request_rejected":
            return delivery.action == "reviewed" ? try review(delivery, body) : try issueComment(event, delivery, body)
        case "workflow_run": return try workflowRun(delivery, body)
        default: return .unhandled(event: event, action: delivery.action)
        }
    }

    private func read<Wire: Decodable>(_ type: Wire.Type, _ body: [UInt8]) throws(MalformedDelivery) -> Wire {
        do {
            return try WireDecoding.decode(type, from: body)
        } catch {
            throw MalformedDelivery(reason: error.reason)
        }
    }

    private func pullRequest(_ delivery: GiteaDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GiteaPullRequestDeliveryWire.self, body)
        guard wire.number.value == wire.pullRequest.number.value else {
            throw MalformedDelivery(reason: "number: is not the pull request's")
        }
        let action: PullRequestEvent.Action
        switch delivery.action {
        case "opened": action = .opened
        case "reopened": action = .reopened
        case "synchronized": action = .pushed
        case "edited" where wire.changes?.ref != nil: action = .retargeted
        case "edited" where wire.leftDraft: action = .readyForReview
        case "closed": action = .closed(merged: wire.pullRequest.merged ?? false)
        default: return .unhandled(event: "pull_request", action: delivery.action)
        }
        return .pullRequest(
            PullRequestEvent(
                action: action, pullRequest: PullRequestReference(repository: try delivery.reference(), number: wire.number.value),
                head: wire.pullRequest.head.sha, sender: try delivery.needSender()))
    }

    private func issueComment(_ event: String, _ delivery: GiteaDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GiteaIssueCommentDeliveryWire.self, body)
        let action: CommentEvent.Action
        switch delivery.action {
        case "created": action = .created
        case "edited": action = .edited
        case "deleted": action = .deleted
        default: return .unhandled(event: event, action: delivery.action)
        }
        return .comment(
            CommentEvent(
                action: action, repository: try delivery.reference(), number: wire.issue.number.value, isPullRequest: wire.isPull ?? false,
                commentID: wire.comment.id, author: wire.comment.user.orGhost, body: UntrustedText(wire.comment.body ?? "")))
    }

    /// A review arrives without a comment: its text is in `review`, its author is the sender.
    private func review(_ delivery: GiteaDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GiteaReviewDeliveryWire.self, body)
        return .comment(
            CommentEvent(
                action: .reviewed, repository: try delivery.reference(), number: wire.pullRequest.number.value, isPullRequest: true,
                commentID: nil, author: try delivery.needSender(), body: UntrustedText(wire.review.content ?? "")))
    }

    /// Since Gitea 1.23, with GitHub's field names.
    private func workflowRun(_ delivery: GiteaDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let run = try read(GitHubWorkflowRunDeliveryWire.self, body).workflowRun
        return .workflowRun(
            WorkflowRunEvent(
                repository: try delivery.reference(), runID: run.id, attempt: max(run.runAttempt ?? 1, 1),
                name: UntrustedText(run.title), branch: run.headBranch.map { UntrustedText($0) }, commit: run.headSHA,
                conclusion: run.conclusion, pullRequests: (run.pullRequests ?? []).map(\.number.value),
                trigger: run.event ?? ""))
    }
}
