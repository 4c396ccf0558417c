package import Basics

package struct ForgeCommit: Sendable, Hashable {
    package let id: CommitID
    package let message: UntrustedText
    /// The account it is attributed to; `nil` when the address in it belongs to nobody.
    package let author: Account?
    package let parents: [CommitID]

    package init(id: CommitID, message: UntrustedText, author: Account?, parents: [CommitID]) {
        self.id = id
        self.message = message
        self.author = author
        self.parents = parents
    }
}

package struct CommitComparison: Sendable, Hashable {
    /// On the head's side only, oldest first.
    package let commits: [ForgeCommit]
    /// The forge had more commits than it gives.
    package let isTruncated: Bool
    /// `nil` where the forge does not say. GitHub stops at 300.
    package let files: ChangedFiles?

    package init(commits: [ForgeCommit], isTruncated: Bool, files: ChangedFiles?) {
        self.commits = commits
        self.isTruncated = isTruncated
        self.files = files
    }
}

/// History as the forge shows it, without a clone. A client that can do it is cast to this.
package protocol CommitReader: Sendable {
    /// What `head` has that `base` has not.
    func compare(_ base: CommitID, with head: CommitID, in repository: RepositoryReference) async throws(ForgeError) -> CommitComparison
    /// Oldest first; GitHub gives the first 250.
    func commits(of reference: PullRequestReference) async throws(ForgeError) -> [ForgeCommit]
}
