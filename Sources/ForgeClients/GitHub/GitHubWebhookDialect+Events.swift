import Forge
import Basics

extension GitHubWebhookDialect {
    func pullRequest(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubPullRequestDeliveryWire.self, body)
        guard wire.number.value == wire.pullRequest.number.value else {
            throw MalformedDelivery(reason: "number: is not the pull request's")
        }
        let action: PullRequestEvent.Action
        switch delivery.action {
        case "opened": action = .opened
        case "reopened": action = .reopened
        case "synchronize": action = .pushed
        case "ready_for_review": action = .readyForReview
        case "converted_to_draft": action = .convertedToDraft
        case "labeled", "unlabeled": action = .relabelled
        case "edited" where wire.changes?.base != nil: action = .retargeted
        case "closed":
            guard let merged = wire.pullRequest.merged else { throw MalformedDelivery(reason: "pull_request.merged: missing") }
            action = .closed(merged: merged)
        default: return .unhandled(event: "pull_request", action: delivery.action)
        }
        let reference = PullRequestReference(repository: try delivery.reference(), number: wire.number.value)
        return .pullRequest(
            PullRequestEvent(
                action: action, pullRequest: reference, head: wire.pullRequest.head.sha, sender: try delivery.needSender()))
    }

    func installation(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubInstallationDeliveryWire.self, body)
        guard wire.repositoriesAdded == nil, wire.repositoriesRemoved == nil else {
            throw MalformedDelivery(reason: "repositories_added: belongs to installation_repositories")
        }
        let action: InstallationEvent.Action
        switch delivery.action {
        case "created": action = .created
        case "deleted": action = .deleted
        case "suspend": action = .suspended
        case "unsuspend": action = .unsuspended
        case "new_permissions_accepted": action = .permissionsAccepted
        default: return .unhandled(event: "installation", action: delivery.action)
        }
        return .installation(event(action, wire))
    }

    func installationRepositories(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubInstallationDeliveryWire.self, body)
        guard let added = wire.repositoriesAdded else { throw MalformedDelivery(reason: "repositories_added: missing") }
        guard let removed = wire.repositoriesRemoved else { throw MalformedDelivery(reason: "repositories_removed: missing") }
        guard delivery.action == "added" || delivery.action == "removed" else {
            return .unhandled(event: "installation_repositories", action: delivery.action)
        }
        let action = InstallationEvent.Action.repositoriesChanged(
            added: added.map(\.fullName.name), removed: removed.map(\.fullName.name))
        return .installation(event(action, wire))
    }

    private func event(_ action: InstallationEvent.Action, _ wire: GitHubInstallationDeliveryWire) -> InstallationEvent {
        InstallationEvent(
            action: action, installation: wire.installation.id, account: wire.installation.account.account.login,
            repositories: (wire.repositories ?? []).map(\.fullName.name))
    }

    func checkRun(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let run = try read(GitHubCheckRunDeliveryWire.self, body).checkRun
        guard delivery.action == "rerequested" else { return .unhandled(event: "check_run", action: delivery.action) }
        return .checkRunRerequested(
            CheckRunEvent(
                repository: try delivery.reference(), commit: run.headSHA, checkName: run.name,
                pullRequests: (run.pullRequests ?? []).map(\.number.value)))
    }

    func mergeGroup(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubMergeGroupDeliveryWire.self, body)
        guard delivery.action == "checks_requested" else { return .unhandled(event: "merge_group", action: delivery.action) }
        return .mergeGroup(MergeGroupEvent(repository: try delivery.reference(), head: wire.mergeGroup.headSHA))
    }

    func issueComment(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubIssueCommentDeliveryWire.self, body)
        let action: CommentEvent.Action
        switch delivery.action {
        case "created": action = .created
        case "edited": action = .edited
        case "deleted": action = .deleted
        default: return .unhandled(event: "issue_comment", action: delivery.action)
        }
        return .comment(
            CommentEvent(
                action: action, repository: try delivery.reference(), number: wire.issue.number.value,
                isPullRequest: wire.issue.pullRequest != nil, commentID: wire.comment.id, author: wire.comment.user.orGhost,
                body: UntrustedText(wire.comment.body ?? "")))
    }

    /// A comment on a line, often an answer to another one.
    func reviewComment(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubReviewCommentDeliveryWire.self, body)
        let action: CommentEvent.Action
        switch delivery.action {
        case "created": action = .created
        case "edited": action = .edited
        case "deleted": action = .deleted
        default: return .unhandled(event: "pull_request_review_comment", action: delivery.action)
        }
        return .comment(
            CommentEvent(
                action: action, repository: try delivery.reference(), number: wire.pullRequest.number.value, isPullRequest: true,
                commentID: wire.comment.id, thread: wire.comment.inReplyTo ?? wire.comment.id, author: wire.comment.user.orGhost,
                body: UntrustedText(wire.comment.body ?? "")))
    }

    func reviewThread(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubReviewThreadDeliveryWire.self, body)
        guard delivery.action == "resolved" || delivery.action == "unresolved" else {
            return .unhandled(event: "pull_request_review_thread", action: delivery.action)
        }
        let reference = PullRequestReference(repository: try delivery.reference(), number: wire.pullRequest.number.value)
        return .reviewThread(
            ReviewThreadEvent(
                pullRequest: reference, isResolved: delivery.action == "resolved", comments: wire.thread.comments.map(\.id),
                sender: try delivery.needSender()))
    }

    func workflowRun(_ delivery: GitHubDeliveryWire, _ body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        let wire = try read(GitHubWorkflowRunDeliveryWire.self, body)
        guard !wire.isAboutDeployment else { throw MalformedDelivery(reason: "deployment: does not belong to workflow_run") }
        let run = wire.workflowRun
        return .workflowRun(
            WorkflowRunEvent(
                repository: try delivery.reference(), runID: run.id, attempt: max(run.runAttempt ?? 1, 1),
                name: UntrustedText(run.title), branch: run.headBranch.map { UntrustedText($0) }, commit: run.headSHA,
                conclusion: run.conclusion, pullRequests: (run.pullRequests ?? []).map(\.number.value),
                trigger: run.event ?? ""))
    }
}
