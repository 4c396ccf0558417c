import Basics
package import Forge
import HTTP
import Text

extension GiteaClient {
    package func comments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeComment] {
        try await comments(number: reference.number, in: reference.repository)
    }

    /// All at once: this list has no pages.
    func comments(number: Int, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeComment] {
        let wires = try await api.pages(GiteaCommentWire.self, ForgeCall(.get, path(repository, "issues/\(number)/comments"))).elements
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in
            ForgeComment(id: wire.id, author: wire.user.orGhost, body: UntrustedText(wire.body ?? ""), isOurs: isOurs)
        }
    }

    /// A call for each review that has comments: there is no list over all of them.
    package func reviewComments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeReviewComment] {
        let reviewsPath = path(reference.repository, "pulls/\(reference.number)/reviews")
        let reviews = try await api.pages(GiteaReviewWire.self, ForgeCall(.get, reviewsPath, query: Self.fullPage)).elements
        var wires: [GiteaReviewCommentWire] = []
        for review in reviews where review.commentsCount ?? 1 > 0 {
            wires += try await api.pages(GiteaReviewCommentWire.self, ForgeCall(.get, "\(reviewsPath)/\(review.id)/comments")).elements
        }
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in wire.comment(isOurs: isOurs) }
    }

    package func createComment(on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError) -> Int64 {
        try await createComment(number: reference.number, in: reference.repository, body)
    }

    func createComment(number: Int, in repository: RepositoryReference, _ body: PublishableText) async throws(ForgeError) -> Int64 {
        let call = ForgeCall(.post, path(repository, "issues/\(number)/comments"), body: ["body": .string(body.text)])
        return try await api.read(GitHubIDWire.self, call).id
    }

    package func updateComment(_ id: Int64, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError) {
        let call = ForgeCall(.patch, path(reference.repository, "issues/comments/\(id)"), body: ["body": .string(body.text)])
        _ = try await api.send(call)
    }

    /// A comment stands on one line of one side; of a range its last line is used. The server checks neither path nor line.
    package func createReview(on reference: PullRequestReference, _ draft: ReviewDraft) async throws(ForgeError) -> Int64 {
        let comments = draft.comments.map { comment -> JSONValue in
            let place = comment.side == .old ? "old_position" : "new_position"
            return .object([
                "path": .string(comment.path), "body": .string(comment.body.text), place: .integer(Int64(comment.line)),
            ])
        }
        let body: JSONValue = [
            "commit_id": .string(draft.commit.hex), "event": "COMMENT", "body": .string(draft.body.text), "comments": .array(comments),
        ]
        let call = ForgeCall(.post, path(reference.repository, "pulls/\(reference.number)/reviews"), body: body)
        return try await api.read(GitHubIDWire.self, call).id
    }
}

struct GiteaCommentWire: Decodable {
    let id: Int64
    let user: GiteaAccountWire?
    let body: String?
}

struct GiteaReviewWire: Decodable {
    let id: Int64
    let commentsCount: Int?

    enum CodingKeys: String, CodingKey {
        case id
        case commentsCount = "comments_count"
    }
}

struct GiteaReviewCommentWire: Decodable {
    let id: Int64
    let user: GiteaAccountWire?
    let body: String?
    let path: String
    /// A line of the new file, 0 for none.
    let position: Int?
    /// A line of the old file, 0 for none.
    let originalPosition: Int?

    enum CodingKeys: String, CodingKey {
        case id, user, body, path, position
        case originalPosition = "original_position"
    }

    func comment(isOurs: Bool) -> ForgeReviewComment {
        let newLine = (position ?? 0) > 0 ? position : nil
        let oldLine = (originalPosition ?? 0) > 0 ? originalPosition : nil
        return ForgeReviewComment(
            id: id, author: user.orGhost, body: UntrustedText(body ?? ""), path: UntrustedText(path), line: newLine ?? oldLine,
            side: newLine == nil && oldLine != nil ? .old : .new, isOurs: isOurs)
    }
}
