/// A short sign on somebody's comment: quieter than an answer.
package enum Reaction: String, Sendable, Hashable, Codable {
    /// Seen, and under way.
    case eyes
    /// Done.
    case agree = "+1"
    /// Not done.
    case disagree = "-1"
}

/// Answers to comments where they stand. A client that can do it is cast to this.
package protocol CommentAnswerer: Sendable {
    /// A comment in the thread that `comment` is in; the new comment's id.
    func reply(to comment: ForgeReviewComment, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError)
        -> Int64
    /// The same reaction twice is one reaction. `isOnLine`: the comment is a review's, not the conversation's.
    func react(_ reaction: Reaction, to comment: Int64, isOnLine: Bool, in repository: RepositoryReference) async throws(ForgeError)
    /// Whether this account is the identity we write as.
    func isOurs(_ account: Account) async throws(ForgeError) -> Bool
}
