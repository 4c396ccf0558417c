import Basics
import Forge

// What we read of deliveries. Source: docs.github.com/webhooks/webhook-events-and-payloads

/// Members many deliveries share.
struct GitHubDeliveryWire: Decodable {
    struct Installation: Decodable {
        let id: Int64
    }

    let action: String?
    let installation: Installation?
    let repository: GitHubRepositoryWire?
    let sender: GitHubAccountWire?

    func reference() throws(MalformedDelivery) -> RepositoryReference {
        guard let repository else { throw MalformedDelivery(reason: "repository: missing") }
        return RepositoryReference(forge: .github, name: repository.fullName.name, installation: installation?.id)
    }

    func needSender() throws(MalformedDelivery) -> Account {
        guard let sender else { throw MalformedDelivery(reason: "sender: missing") }
        return sender.account
    }
}

struct GitHubPullRequestDeliveryWire: Decodable {
    struct PullRequest: Decodable {
        let number: ItemNumber
        let head: Head
        let merged: Bool?
    }

    struct Head: Decodable {
        let sha: CommitID
    }

    struct Changes: Decodable {
        let base: Anything?
    }

    /// At the top level only in `pull_request` deliveries: reviews and review comments carry a pull request without it.
    let number: ItemNumber
    let pullRequest: PullRequest
    let changes: Changes?

    enum CodingKeys: String, CodingKey {
        case number, changes
        case pullRequest = "pull_request"
    }
}

struct GitHubInstallationDeliveryWire: Decodable {
    /// Other deliveries carry an installation with its id alone.
    struct Installation: Decodable {
        let id: Int64
        let account: GitHubAccountWire
    }

    let installation: Installation
    let repositories: [GitHubRepositoryWire]?
    let repositoriesAdded: [GitHubRepositoryWire]?
    let repositoriesRemoved: [GitHubRepositoryWire]?

    enum CodingKeys: String, CodingKey {
        case installation, repositories
        case repositoriesAdded = "repositories_added"
        case repositoriesRemoved = "repositories_removed"
    }
}

struct GitHubCheckRunDeliveryWire: Decodable {
    struct CheckRun: Decodable {
        let name: String
        let headSHA: CommitID
        let pullRequests: [GitHubNumberWire]?

        enum CodingKeys: String, CodingKey {
            case name
            case headSHA = "head_sha"
            case pullRequests = "pull_requests"
        }
    }

    let checkRun: CheckRun

    enum CodingKeys: String, CodingKey {
        case checkRun = "check_run"
    }
}

struct GitHubMergeGroupDeliveryWire: Decodable {
    struct MergeGroup: Decodable {
        let headSHA: CommitID

        enum CodingKeys: String, CodingKey {
            case headSHA = "head_sha"
        }
    }

    let mergeGroup: MergeGroup

    enum CodingKeys: String, CodingKey {
        case mergeGroup = "merge_group"
    }
}

struct GitHubIssueCommentDeliveryWire: Decodable {
    struct Issue: Decodable {
        let number: ItemNumber
        /// There when the conversation is a pull request's.
        let pullRequest: Anything?

        enum CodingKeys: String, CodingKey {
            case number
            case pullRequest = "pull_request"
        }
    }

    struct Comment: Decodable {
        let id: Int64
        let user: GitHubAccountWire?
        let body: String?
    }

    let issue: Issue
    let comment: Comment
}

struct GitHubReviewCommentDeliveryWire: Decodable {
    struct Comment: Decodable {
        let id: Int64
        let user: GitHubAccountWire?
        let body: String?
        let inReplyTo: Int64?
        /// Only a comment on a line belongs to a review.
        let path: String

        enum CodingKeys: String, CodingKey {
            case id, user, body, path
            case inReplyTo = "in_reply_to_id"
        }
    }

    let comment: Comment
    let pullRequest: GitHubNumberWire

    enum CodingKeys: String, CodingKey {
        case comment
        case pullRequest = "pull_request"
    }
}

struct GitHubReviewThreadDeliveryWire: Decodable {
    struct Thread: Decodable {
        let comments: [GitHubIDWire]
    }

    let thread: Thread
    let pullRequest: GitHubNumberWire

    enum CodingKeys: String, CodingKey {
        case thread
        case pullRequest = "pull_request"
    }
}

struct GitHubWorkflowRunDeliveryWire: Decodable {
    struct Run: Decodable {
        let id: Int64
        let runAttempt: Int?
        let name: String?
        let headBranch: String?
        let headSHA: CommitID
        let conclusion: String?
        let pullRequests: [GitHubNumberWire]?
        let event: String?
        let path: String?

        /// Gitea names no workflow but its file, `ci.yml@refs/heads/main`.
        var title: String { name ?? path.map { String($0.prefix { $0 != "@" }) } ?? "" }

        enum CodingKeys: String, CodingKey {
            case id, name, conclusion, event, path
            case runAttempt = "run_attempt"
            case headBranch = "head_branch"
            case headSHA = "head_sha"
            case pullRequests = "pull_requests"
        }
    }

    let workflowRun: Run
    /// Deliveries about deployments, and about their reviews, carry the run too.
    let deployment: Anything?
    let requestor: Anything?
    let workflowJobRuns: Anything?

    enum CodingKeys: String, CodingKey {
        case deployment, requestor
        case workflowRun = "workflow_run"
        case workflowJobRuns = "workflow_job_runs"
    }

    var isAboutDeployment: Bool { deployment != nil || requestor != nil || workflowJobRuns != nil }
}

/// What a ping has and no other delivery.
struct GitHubPingWire: Decodable {
    let zen: String
    let hookID: Int64

    enum CodingKeys: String, CodingKey {
        case zen
        case hookID = "hook_id"
    }
}
