package import Basics
package import Text

package struct PullRequestReference: Sendable, Hashable, Codable {
    package let repository: RepositoryReference
    package let number: Int

    package init(repository: RepositoryReference, number: Int) {
        self.repository = repository
        self.number = number
    }

    /// How rows, logs and commands name it: `github:owner/name#7`.
    package var key: String { "\(repository.key)#\(number)" }
}

/// A pull request as the forge shows it now.
package struct PullRequest: Sendable, Hashable {
    package enum State: String, Sendable, Codable {
        case open, closed, merged
    }

    package struct End: Sendable, Hashable {
        package let commit: CommitID
        package let branch: UntrustedText
        /// `nil` when the repository of this end was deleted.
        package let repository: RepositoryName?

        package init(commit: CommitID, branch: UntrustedText, repository: RepositoryName?) {
            self.commit = commit
            self.branch = branch
            self.repository = repository
        }
    }

    package let reference: PullRequestReference
    package let title: UntrustedText
    package let body: UntrustedText
    package let author: Account
    package let state: State
    package let isDraft: Bool
    package let labels: [UntrustedText]
    package let head: End
    package let base: End
    /// Number of files changed, where the forge says it.
    package let changedFileCount: Int?
    /// Comments in the conversation, where the forge says it: 0 spares reading the list.
    package let commentCount: Int?
    /// Comments on lines, where the forge says it.
    package let reviewCommentCount: Int?

    package init(
        reference: PullRequestReference, title: UntrustedText, body: UntrustedText, author: Account, state: State, isDraft: Bool,
        labels: [UntrustedText], head: End, base: End, changedFileCount: Int?, commentCount: Int? = nil, reviewCommentCount: Int? = nil
    ) {
        self.reference = reference
        self.title = title
        self.body = body
        self.author = author
        self.state = state
        self.isDraft = isDraft
        self.labels = labels
        self.head = head
        self.base = base
        self.changedFileCount = changedFileCount
        self.commentCount = commentCount
        self.reviewCommentCount = reviewCommentCount
    }

    /// The head lives in another repository (or in one since deleted): its author may be a stranger.
    package var isFromFork: Bool { head.repository != base.repository }
}

/// One file of a pull request.
package struct ChangedFile: Sendable, Hashable {
    package enum Status: String, Sendable, Codable {
        case added, modified, removed, renamed, copied, changed, unchanged
    }

    package let path: UntrustedText
    /// The path before a rename or copy.
    package let previousPath: UntrustedText?
    package let status: Status
    package let additions: Int
    package let deletions: Int
    /// The hunks as unified diff text, without file headers. `nil` when the forge sent none: binary, mode-only, or too large.
    package let patch: UntrustedText?

    package init(
        path: UntrustedText, previousPath: UntrustedText?, status: Status, additions: Int, deletions: Int, patch: UntrustedText?
    ) {
        self.path = path
        self.previousPath = previousPath
        self.status = status
        self.additions = additions
        self.deletions = deletions
        self.patch = patch
    }
}

/// The files of a pull request, and whether the forge gave all of them.
package struct ChangedFiles: Sendable, Hashable {
    package let files: [ChangedFile]
    /// The forge stops listing at some number (GitHub: 3,000): more files exist than are here.
    package let isTruncated: Bool

    package init(files: [ChangedFile], isTruncated: Bool) {
        self.files = files
        self.isTruncated = isTruncated
    }
}

/// A comment in a pull request's or issue's conversation.
package struct ForgeComment: Sendable, Hashable {
    package let id: Int64
    package let author: Account
    package let body: UntrustedText
    /// Written by the identity we use: the only comments whose markers count.
    package let isOurs: Bool

    package init(id: Int64, author: Account, body: UntrustedText, isOurs: Bool) {
        self.id = id
        self.author = author
        self.body = body
        self.isOurs = isOurs
    }
}

/// A comment of a review, attached to a line.
package struct ForgeReviewComment: Sendable, Hashable {
    package let id: Int64
    package let author: Account
    package let body: UntrustedText
    package let path: UntrustedText
    /// `nil` once the line is no longer in the diff.
    package let line: Int?
    package let side: DiffSide
    package let isOurs: Bool
    /// The first comment of the thread this one answers in; `nil` for a first one, and where the forge does not say (Gitea: same path, line
    /// and side are one thread).
    package let answers: Int64?

    package init(
        id: Int64, author: Account, body: UntrustedText, path: UntrustedText, line: Int?, side: DiffSide, isOurs: Bool,
        answers: Int64? = nil
    ) {
        self.id = id
        self.author = author
        self.body = body
        self.path = path
        self.line = line
        self.side = side
        self.isOurs = isOurs
        self.answers = answers
    }
}
