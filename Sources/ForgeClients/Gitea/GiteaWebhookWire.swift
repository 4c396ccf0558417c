import Basics
import Forge

struct GiteaAccountWire: Decodable {
    let login: String

    var account: Account { Account(login: UntrustedText(login), kind: .user) }
}

extension GiteaAccountWire? {
    /// Gitea's own name for accounts since deleted.
    var orGhost: Account { self?.account ?? Account(login: "Ghost", kind: .user) }
}

struct GiteaDeliveryWire: Decodable {
    let action: String?
    let repository: GitHubRepositoryWire?
    let sender: GiteaAccountWire?

    func reference() throws(MalformedDelivery) -> RepositoryReference {
        guard let repository else { throw MalformedDelivery(reason: "repository: missing") }
        return RepositoryReference(forge: .gitea, name: repository.fullName.name)
    }

    func needSender() throws(MalformedDelivery) -> Account {
        guard let sender else { throw MalformedDelivery(reason: "sender: missing") }
        return sender.account
    }
}

struct GiteaPullRequestDeliveryWire: Decodable {
    struct PullRequest: Decodable {
        struct Head: Decodable {
            let sha: CommitID
        }

        let number: ItemNumber
        let title: String?
        let merged: Bool?
        let head: Head
    }

    struct Changes: Decodable {
        struct From: Decodable {
            let from: String?
        }

        let title: From?
        /// The base branch before.
        let ref: From?
    }

    let number: ItemNumber
    let pullRequest: PullRequest
    let changes: Changes?

    enum CodingKeys: String, CodingKey {
        case number, changes
        case pullRequest = "pull_request"
    }

    /// A draft is a title that says so; taking the words away makes it ready.
    var leftDraft: Bool {
        guard let before = changes?.title?.from, let now = pullRequest.title else { return false }
        return GiteaDraft.isMarked(before) && !GiteaDraft.isMarked(now)
    }
}

/// Source: docs.gitea.com/usage/pull-request, "Work In Progress pull requests"
enum GiteaDraft {
    static func isMarked(_ title: String) -> Bool {
        let start = title.prefix(5).uppercased()
        return start.hasPrefix("WIP:") || start.hasPrefix("[WIP]")
    }
}

struct GiteaIssueCommentDeliveryWire: Decodable {
    struct Comment: Decodable {
        let id: Int64
        let user: GiteaAccountWire?
        let body: String?
    }

    let issue: GitHubNumberWire
    let comment: Comment
    let isPull: Bool?

    enum CodingKeys: String, CodingKey {
        case issue, comment
        case isPull = "is_pull"
    }
}

struct GiteaReviewDeliveryWire: Decodable {
    struct Review: Decodable {
        let content: String?
    }

    let pullRequest: GitHubNumberWire
    let review: Review

    enum CodingKeys: String, CodingKey {
        case review
        case pullRequest = "pull_request"
    }
}
