/// Comments on a file as a whole, for findings that belong to no line of the diff. A client that can do it is cast to this: Gitea has
/// no such comments.
package protocol FileCommenter: Sendable {
    /// The new comment's id. The file must be one of those the pull request changes: else `ForgeError.refused`.
    func createFileComment(on reference: PullRequestReference, commit: CommitID, path: String, _ body: PublishableText)
        async throws(ForgeError) -> Int64
}
