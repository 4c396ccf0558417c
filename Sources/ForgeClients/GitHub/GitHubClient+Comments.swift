import Basics
package import Forge
import HTTP
import Text

extension GitHubClient {
    package func comments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeComment] {
        try await comments(number: reference.number, in: reference.repository)
    }

    /// Pull requests and issues share one numbering, and their conversations one endpoint.
    func comments(number: Int, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeComment] {
        let call = ForgeCall(.get, path(repository, "issues/\(number)/comments"), query: Self.fullPage)
        let wires = try await api.pages(GitHubCommentWire.self, call).elements
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in
            ForgeComment(id: wire.id, author: wire.user.orGhost, body: UntrustedText(wire.body ?? ""), isOurs: isOurs)
        }
    }

    package func reviewComments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeReviewComment] {
        let call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)/comments"), query: Self.fullPage)
        let wires = try await api.pages(GitHubReviewCommentWire.self, call).elements
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in
            ForgeReviewComment(
                id: wire.id, author: wire.user.orGhost, body: UntrustedText(wire.body ?? ""), path: UntrustedText(wire.path),
                line: wire.line, side: wire.side == "LEFT" ? .old : .new, isOurs: isOurs, answers: wire.inReplyTo)
        }
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

    /// One request, all or nothing. Source: docs.github.com/rest/pulls/reviews, "Create a review for a pull request"
    package func createReview(on reference: PullRequestReference, _ draft: ReviewDraft) async throws(ForgeError) -> Int64 {
        var body: [String: JSONValue] = [
            "commit_id": .string(draft.commit.hex), "event": "COMMENT", "comments": .array(draft.comments.map(Self.wire)),
        ]
        if !draft.body.text.isEmpty { body["body"] = .string(draft.body.text) }
        let call = ForgeCall(.post, path(reference.repository, "pulls/\(reference.number)/reviews"), body: .object(body))
        return try await api.read(GitHubIDWire.self, call).id
    }

    private static func wire(_ comment: ReviewDraft.Comment) -> JSONValue {
        let side: JSONValue = comment.side == .old ? "LEFT" : "RIGHT"
        var wire: [String: JSONValue] = [
            "path": .string(comment.path), "side": side, "line": .integer(Int64(comment.line)), "body": .string(comment.body.text),
        ]
        if let start = comment.startLine, start < comment.line {
            wire["start_line"] = .integer(Int64(start))
            wire["start_side"] = side
        }
        return .object(wire)
    }
}

extension GitHubClient: FileCommenter {
    /// A review's own comments must name lines: this is a request of its own for each file, with `subject_type`.
    /// Source: docs.github.com/rest/pulls/comments, "Create a review comment for a pull request"
    package func createFileComment(on reference: PullRequestReference, commit: CommitID, path file: String, _ body: PublishableText)
        async throws(ForgeError) -> Int64
    {
        let wire: JSONValue = [
            "commit_id": .string(commit.hex), "path": .string(file), "subject_type": "file", "body": .string(body.text),
        ]
        let call = ForgeCall(.post, path(reference.repository, "pulls/\(reference.number)/comments"), body: wire)
        return try await api.read(GitHubIDWire.self, call).id
    }
}

struct GitHubIDWire: Decodable {
    let id: Int64
}

struct GitHubCommentWire: Decodable {
    let id: Int64
    let user: GitHubAccountWire?
    let body: String?
}

struct GitHubReviewCommentWire: Decodable {
    let id: Int64
    let user: GitHubAccountWire?
    let body: String?
    let path: String
    let line: Int?
    let side: String?
    let inReplyTo: Int64?

    enum CodingKeys: String, CodingKey {
        case id, user, body, path, line, side
        case inReplyTo = "in_reply_to_id"
    }
}
