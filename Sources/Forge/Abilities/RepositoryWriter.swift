/// A pull request of ours to open.
package struct PullRequestDraft: Sendable, Hashable {
    package let title: PublishableText
    package let body: PublishableText
    package let head: String
    package let base: String
    package let isDraft: Bool

    package init(title: PublishableText, body: PublishableText, head: String, base: String, isDraft: Bool) {
        self.title = title
        self.body = body
        self.head = head
        self.base = base
        self.isDraft = isDraft
    }
}

/// Proposes changes: a branch, files on it, a pull request. Never the default branch, never a merge; reviewers get no such client.
///
/// A client that can do it is cast to this.
package protocol RepositoryWriter: Sendable {
    /// A new branch; `ForgeError.refused` when it exists.
    func createBranch(_ branch: String, at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError)
    /// One commit on `branch` with all changes; `nil` as content removes a file. The new commit's id.
    ///
    /// `parent` is where the branch is now: when it moved since, the forge refuses.
    func commit(
        _ changes: [String: String?], to branch: String, parent: CommitID, message: PublishableText, in repository: RepositoryReference
    ) async throws(ForgeError) -> CommitID
    /// The new pull request's number.
    func openPullRequest(in repository: RepositoryReference, _ draft: PullRequestDraft) async throws(ForgeError) -> Int
    /// New words for a pull request of ours.
    func updatePullRequest(_ number: Int, in repository: RepositoryReference, title: PublishableText, body: PublishableText)
        async throws(ForgeError)
    /// Open pull requests from this branch of this repository: for probing after a lost answer.
    func openPullRequests(from branch: String, in repository: RepositoryReference) async throws(ForgeError) -> [Int]
}
