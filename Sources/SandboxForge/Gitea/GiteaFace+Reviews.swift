import Basics
import Forge
import HTTP

/// Reviews as Gitea takes them: any path, any line. A comment outside the diff is kept and shown to nobody.
extension GiteaFace {
    static func addReviews(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/pulls/{number}/reviews") { state, call in
            let repository = try call.repository(state)
            let number = try call.pull(repository).number
            let reviews = repository.reviews.filter { $0.number == number }
            return call.page(reviews.map(json), sizeName: "limit", largest: pageSize)
        }
        routes.on(.get, "\(repositoryPath)/pulls/{number}/reviews/{id}/comments") { state, call in
            let repository = try call.repository(state)
            let id = Int64(try call.number("id"))
            guard let review = repository.reviews.first(where: { $0.id == id }) else { throw SandboxRefusal.notFound }
            return .json(200, .array(review.comments.map { json($0, of: review) }))
        }
        routes.on(.post, "\(repositoryPath)/pulls/{number}/reviews") { state, call in
            let repository = try call.repository(state)
            let review = try makeReview(&state, call, repository)
            state.repositories[repository.name]?.reviews.append(review)
            return .json(200, json(review))
        }
    }

    private static func makeReview(_ state: inout SandboxState, _ call: SandboxCall, _ repository: SandboxRepository) throws
        -> SandboxReview
    {
        let pull = try call.pull(repository)
        guard call.body["event"]?.string == "COMMENT" else {
            throw SandboxRefusal(status: 403, message: "The sandbox takes comments only, never a verdict")
        }
        var comments: [SandboxReview.Comment] = []
        for wire in call.body["comments"]?.array ?? [] {
            let new = wire["new_position"]?.int ?? 0
            let old = wire["old_position"]?.int ?? 0
            comments.append(
                SandboxReview.Comment(
                    id: state.takeID(), path: wire["path"]?.string ?? "", side: old > 0 ? "LEFT" : "RIGHT", startLine: nil,
                    line: old > 0 ? old : new, body: wire["body"]?.string ?? ""))
        }
        return SandboxReview(
            id: state.takeID(), number: pull.number, author: call.who.login,
            commit: call.body["commit_id"]?.string.flatMap { CommitID($0) } ?? pull.head, body: call.body["body"]?.string ?? "",
            event: "COMMENT", comments: comments)
    }

    private static func json(_ review: SandboxReview) -> JSONValue {
        [
            "id": .integer(review.id), "user": account(review.author), "body": .string(review.body), "state": "COMMENT",
            "commit_id": .string(review.commit.hex), "comments_count": .integer(Int64(review.comments.count)),
        ]
    }

    private static func json(_ comment: SandboxReview.Comment, of review: SandboxReview) -> JSONValue {
        let isOld = comment.side == "LEFT"
        return [
            "id": .integer(comment.id), "user": account(review.author), "body": .string(comment.body), "path": .string(comment.path),
            "position": isOld ? 0 : .integer(Int64(comment.line)), "original_position": isOld ? .integer(Int64(comment.line)) : 0,
            "pull_request_review_id": .integer(review.id), "commit_id": .string(review.commit.hex),
        ]
    }
}
