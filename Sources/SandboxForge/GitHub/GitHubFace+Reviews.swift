import Basics
import Forge
import HTTP

/// Reviews are all or nothing: one comment on a line outside the diff refuses the whole, without saying which.
extension GitHubFace {
    static func addReviews(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/pulls/{number}/reviews") { state, call in
            let repository = try call.repository(state)
            let number = try call.pull(repository).number
            return call.page(repository.reviews.filter { $0.number == number }.map(json))
        }
        routes.on(.get, "\(repositoryPath)/pulls/{number}/comments") { state, call in
            let repository = try call.repository(state)
            let pull = try call.pull(repository)
            let files = repository.files(of: pull)
            let reviews = repository.reviews.filter { $0.number == pull.number }
            return call.page(reviews.flatMap { review in review.comments.map { json($0, of: review, files) } })
        }
        routes.on(.post, "\(repositoryPath)/pulls/{number}/comments") { state, call in
            let repository = try call.repository(state)
            let review = try makeFileComment(&state, call, repository)
            state.repositories[repository.name]?.reviews.append(review)
            return .json(201, ["id": .integer(review.comments[0].id), "subject_type": "file"])
        }
        routes.on(.post, "\(repositoryPath)/pulls/{number}/comments/{id}/replies") { state, call in
            let repository = try call.repository(state)
            let pull = try call.pull(repository)
            let first = Int64(try call.number("id"))
            let body = try call.text("body")
            let answer = try repository.answer(first, on: pull, body, author: call.who.login, ids: (state.takeID(), state.takeID()))
            state.repositories[repository.name]?.reviews.append(answer)
            return .json(201, ["id": .integer(answer.comments[0].id), "in_reply_to_id": .integer(first), "body": .string(body)])
        }
        routes.on(.post, "\(repositoryPath)/pulls/comments/{id}/reactions") { state, call in
            try state.change(call) { repository in
                let known = repository.reviews.flatMap(\.comments).map(\.id)
                return try repository.react(call, known: known)
            }
        }
        routes.on(.post, "\(repositoryPath)/pulls/{number}/reviews") { state, call in
            let repository = try call.repository(state)
            let review = try makeReview(&state, call, repository)
            state.repositories[repository.name]?.reviews.append(review)
            return .json(200, json(review))
        }
    }

    /// On a whole file: the only kind of comment that we post by itself.
    private static func makeFileComment(_ state: inout SandboxState, _ call: SandboxCall, _ repository: SandboxRepository) throws
        -> SandboxReview
    {
        let pull = try call.pull(repository)
        guard call.body["subject_type"]?.string == "file" else { throw SandboxRefusal.invalid("the sandbox takes comments on files only") }
        guard let commit = call.body["commit_id"]?.string.flatMap({ CommitID($0) }),
            repository.commits(of: pull).contains(where: { $0.id == commit })
        else { throw SandboxRefusal.invalid("commit_id is not part of the pull request") }
        let (path, body) = (try call.text("path"), try call.text("body"))
        guard repository.files(from: pull.base, to: commit).contains(where: { $0.path == path }) else {
            throw SandboxRefusal(status: 422, message: "Unprocessable Entity", errors: [.string("Path could not be resolved")])
        }
        let comment = SandboxReview.Comment(id: state.takeID(), path: path, side: "RIGHT", startLine: nil, line: 0, body: body)
        return SandboxReview(
            id: state.takeID(), number: pull.number, author: call.who.login, commit: commit, body: "", event: "COMMENT",
            comments: [comment])
    }

    private static func makeReview(_ state: inout SandboxState, _ call: SandboxCall, _ repository: SandboxRepository) throws
        -> SandboxReview
    {
        let pull = try call.pull(repository)
        let commit = call.body["commit_id"]?.string.flatMap { CommitID($0) } ?? pull.head
        guard repository.commits(of: pull).contains(where: { $0.id == commit }) else {
            throw SandboxRefusal.invalid("commit_id is not part of the pull request")
        }
        guard call.body["event"]?.string == "COMMENT" else {
            throw SandboxRefusal(status: 403, message: "The sandbox takes comments only, never a verdict")
        }
        let body = call.body["body"]?.string ?? ""
        let wires = call.body["comments"]?.array ?? []
        guard !wires.isEmpty || !body.allSatisfy(\.isWhitespace) else { throw SandboxRefusal.invalid("Body can't be blank") }
        let files = repository.files(from: pull.base, to: commit)
        var comments: [SandboxReview.Comment] = []
        for wire in wires { comments.append(try reviewComment(wire, in: files, id: state.takeID())) }
        return SandboxReview(
            id: state.takeID(), number: pull.number, author: call.who.login, commit: commit, body: body, event: "COMMENT",
            comments: comments)
    }

    private static func reviewComment(_ wire: JSONValue, in files: [SandboxFileDiff], id: Int64) throws -> SandboxReview.Comment {
        let unprocessable = { (reason: String) in
            SandboxRefusal(status: 422, message: "Unprocessable Entity", errors: [.string(reason)])
        }
        guard let path = wire["path"]?.string, let line = wire["line"]?.int, let body = wire["body"]?.string,
            !body.allSatisfy(\.isWhitespace)
        else { throw SandboxRefusal.invalid("path, line and body are needed") }
        let side = wire["side"]?.string ?? "RIGHT"
        guard side == "LEFT" || side == "RIGHT" else { throw SandboxRefusal.invalid("side is neither LEFT nor RIGHT") }
        guard let file = files.first(where: { $0.path == path }) else { throw unprocessable("Path could not be resolved") }
        guard let hunk = file.hunk(with: line, onLeft: side == "LEFT") else { throw unprocessable("Line could not be resolved") }
        let start = wire["start_line"]?.int
        if let start {
            let startSide = wire["start_side"]?.string ?? side
            guard start < line, file.hunk(with: start, onLeft: startSide == "LEFT") == hunk else {
                throw unprocessable("Start line could not be resolved")
            }
        }
        return SandboxReview.Comment(id: id, path: path, side: side, startLine: start, line: line, body: body)
    }

    private static func json(_ review: SandboxReview) -> JSONValue {
        [
            "id": .integer(review.id), "user": SandboxIdentity.account(review.author), "body": .string(review.body), "state": "COMMENTED",
            "commit_id": .string(review.commit.hex),
        ]
    }

    private static func json(_ comment: SandboxReview.Comment, of review: SandboxReview, _ files: [SandboxFileDiff]) -> JSONValue {
        let isCurrent = files.first { $0.path == comment.path }?.hunk(with: comment.line, onLeft: comment.side == "LEFT") != nil
        return [
            "id": .integer(comment.id), "user": SandboxIdentity.account(review.author), "body": .string(comment.body),
            "path": .string(comment.path), "side": .string(comment.side), "line": isCurrent ? .integer(Int64(comment.line)) : nil,
            "start_line": comment.startLine.map { .integer(Int64($0)) } ?? nil, "pull_request_review_id": .integer(review.id),
            "commit_id": .string(review.commit.hex), "in_reply_to_id": comment.answers.map { .integer($0) } ?? nil,
        ]
    }
}
