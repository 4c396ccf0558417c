import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/pulls/comments, "Create a reply for a review comment"; docs.github.com/rest/reactions/reactions
extension GitHubClient: CommentAnswerer {
    /// Only a thread's first comment can be answered.
    package func reply(to comment: ForgeReviewComment, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError)
        -> Int64
    {
        let first = comment.answers ?? comment.id
        let call = ForgeCall(
            .post, path(reference.repository, "pulls/\(reference.number)/comments/\(first)/replies"), body: ["body": .string(body.text)])
        return try await api.read(GitHubIDWire.self, call).id
    }

    package func react(_ reaction: Reaction, to comment: Int64, isOnLine: Bool, in repository: RepositoryReference) async throws(ForgeError)
    {
        let place = isOnLine ? "pulls/comments/\(comment)/reactions" : "issues/comments/\(comment)/reactions"
        _ = try await api.send(ForgeCall(.post, path(repository, place), body: ["content": .string(reaction.rawValue)]))
    }

    package func isOurs(_ account: Account) async throws(ForgeError) -> Bool { try await identity.ours().login == account.login.raw }
}
