package import Basics

/// What a delivery tells us, whatever the forge. State in it is never trusted for ordering: it is a prompt to read the current head.
package enum ForgeEvent: Sendable, Hashable {
    case ping
    case pullRequest(PullRequestEvent)
    case installation(InstallationEvent)
    case checkRunRerequested(CheckRunEvent)
    case mergeGroup(MergeGroupEvent)
    case comment(CommentEvent)
    case reviewThread(ReviewThreadEvent)
    case workflowRun(WorkflowRunEvent)
    /// An event or action nobody here handles: acknowledged and counted.
    case unhandled(event: String, action: String?)
}

package struct PullRequestEvent: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case opened, reopened, readyForReview, pushed, closed(merged: Bool)
        case convertedToDraft
        /// A label was put on or taken off.
        case relabelled
        /// The base branch changed: the diff is another one.
        case retargeted
    }

    package let action: Action
    package let pullRequest: PullRequestReference
    package let head: CommitID
    package let sender: Account

    package init(action: Action, pullRequest: PullRequestReference, head: CommitID, sender: Account) {
        self.action = action
        self.pullRequest = pullRequest
        self.head = head
        self.sender = sender
    }
}

/// The App was installed, removed, suspended, or given other repositories.
package struct InstallationEvent: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case created, deleted, suspended, unsuspended, permissionsAccepted
        case repositoriesChanged(added: [RepositoryName], removed: [RepositoryName])
    }

    package let action: Action
    package let installation: Int64
    package let account: UntrustedText
    /// What a new installation covers.
    package let repositories: [RepositoryName]

    package init(action: Action, installation: Int64, account: UntrustedText, repositories: [RepositoryName] = []) {
        self.repositories = repositories
        self.action = action
        self.installation = installation
        self.account = account
    }
}

/// Somebody pressed “Re-run” on a check.
package struct CheckRunEvent: Sendable, Hashable {
    package let repository: RepositoryReference
    package let commit: CommitID
    package let checkName: String
    /// Open pull requests from the same repository; empty for forks.
    package let pullRequests: [Int]

    package init(repository: RepositoryReference, commit: CommitID, checkName: String, pullRequests: [Int]) {
        self.repository = repository
        self.commit = commit
        self.checkName = checkName
        self.pullRequests = pullRequests
    }
}

/// A merge queue asks for checks on a temporary merge commit; a required check that stays silent blocks the queue.
package struct MergeGroupEvent: Sendable, Hashable {
    package let repository: RepositoryReference
    package let head: CommitID

    package init(repository: RepositoryReference, head: CommitID) {
        self.repository = repository
        self.head = head
    }
}

package struct CommentEvent: Sendable, Hashable {
    package enum Action: String, Sendable {
        case created, edited, deleted, reviewed
    }

    package let action: Action
    package let repository: RepositoryReference
    package let number: Int
    package let isPullRequest: Bool
    package let commentID: Int64?
    /// The comment on a line that opened the thread this one is in; `nil` in the conversation.
    package let thread: Int64?
    package let author: Account
    package let body: UntrustedText

    package init(
        action: Action, repository: RepositoryReference, number: Int, isPullRequest: Bool, commentID: Int64?, thread: Int64? = nil,
        author: Account, body: UntrustedText
    ) {
        self.action = action
        self.repository = repository
        self.number = number
        self.isPullRequest = isPullRequest
        self.commentID = commentID
        self.thread = thread
        self.author = author
        self.body = body
    }
}

/// Somebody resolved a thread on a line, or opened it again.
package struct ReviewThreadEvent: Sendable, Hashable {
    package let pullRequest: PullRequestReference
    package let isResolved: Bool
    /// The comments of the thread, first one first.
    package let comments: [Int64]
    package let sender: Account

    package init(pullRequest: PullRequestReference, isResolved: Bool, comments: [Int64], sender: Account) {
        self.pullRequest = pullRequest
        self.isResolved = isResolved
        self.comments = comments
        self.sender = sender
    }
}

package struct WorkflowRunEvent: Sendable, Hashable {
    package let repository: RepositoryReference
    package let runID: Int64
    package let attempt: Int
    package let name: UntrustedText
    package let branch: UntrustedText?
    package let commit: CommitID
    /// As the forge writes it: `success`, `failure`, `timed_out`, `startup_failure`, `cancelled`, `skipped`, …; `nil` while running.
    package let conclusion: String?
    package let pullRequests: [Int]
    /// What started it, as the forge writes it: `push`, `pull_request`, …
    package let trigger: String

    package init(
        repository: RepositoryReference, runID: Int64, attempt: Int, name: UntrustedText, branch: UntrustedText?, commit: CommitID,
        conclusion: String?, pullRequests: [Int], trigger: String = ""
    ) {
        self.trigger = trigger
        self.repository = repository
        self.runID = runID
        self.attempt = attempt
        self.name = name
        self.branch = branch
        self.commit = commit
        self.conclusion = conclusion
        self.pullRequests = pullRequests
    }
}
