import Basics
package import Forge
import HTTP
import Text

extension GiteaClient: CommentAnswerer {
    /// A thread is every comment on one line: another comment there is the answer. Without a line it goes to the conversation.
    package func reply(to comment: ForgeReviewComment, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError)
        -> Int64
    {
        guard let line = comment.line else { return try await createComment(on: reference, body) }
        let place = comment.side == .old ? "old_position" : "new_position"
        let answer: JSONValue = .object(["path": .string(comment.path.raw), "body": .string(body.text), place: .integer(Int64(line))])
        let call = ForgeCall(
            .post, path(reference.repository, "pulls/\(reference.number)/reviews"),
            body: ["event": "COMMENT", "body": "", "comments": .array([answer])])
        return try await api.read(GitHubIDWire.self, call).id
    }

    /// One address for comments of both kinds.
    package func react(_ reaction: Reaction, to comment: Int64, isOnLine: Bool, in repository: RepositoryReference) async throws(ForgeError)
    {
        let call = ForgeCall(
            .post, path(repository, "issues/comments/\(comment)/reactions"), body: ["content": .string(reaction.rawValue)])
        _ = try await api.send(call)
    }

    package func isOurs(_ account: Account) async throws(ForgeError) -> Bool { try await ours() == account.login.raw }
}
