import Basics
import HTTP

extension GitHubFace {
    static func addConversations(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/issues/{number}/comments") { state, call in
            let repository = try call.repository(state)
            let number = try conversation(call, repository)
            return call.page(repository.comments.filter { $0.number == number }.map(json))
        }
        routes.on(.post, "\(repositoryPath)/issues/{number}/comments") { state, call in
            .json(201, json(try addComment(&state, call)))
        }
        routes.on(.post, "\(repositoryPath)/issues/comments/{id}/reactions") { state, call in
            try state.change(call) { repository in try repository.react(call, known: repository.comments.map(\.id)) }
        }
        routes.on(.patch, "\(repositoryPath)/issues/comments/{id}") { state, call in
            .json(200, json(try editComment(&state, call)))
        }
    }

    static func addComment(_ state: inout SandboxState, _ call: SandboxCall) throws -> SandboxComment {
        let repository = try call.repository(state)
        let comment = SandboxComment(
            id: state.takeID(), number: try conversation(call, repository), author: call.who.login, body: try commentBody(call))
        state.repositories[repository.name]?.comments.append(comment)
        return comment
    }

    static func editComment(_ state: inout SandboxState, _ call: SandboxCall) throws -> SandboxComment {
        var repository = try call.repository(state)
        let id = Int64(try call.number("id"))
        guard let index = repository.comments.firstIndex(where: { $0.id == id }) else { throw SandboxRefusal.notFound }
        repository.comments[index].body = try commentBody(call)
        state.repositories[repository.name] = repository
        return repository.comments[index]
    }

    /// GitHub takes 65,536 characters.
    static func commentBody(_ call: SandboxCall) throws -> String {
        let body = try call.text("body")
        guard body.unicodeScalars.count <= 65_536 else {
            throw SandboxRefusal.invalid(["field": "body", "message": "body is too long (maximum is 65536 characters)"])
        }
        return body
    }

    static func conversation(_ call: SandboxCall, _ repository: SandboxRepository) throws -> Int {
        let number = try call.number("number")
        guard repository.pulls[number] != nil || repository.issues[number] != nil else { throw SandboxRefusal.notFound }
        return number
    }

    static func json(_ comment: SandboxComment) -> JSONValue {
        ["id": .integer(comment.id), "user": SandboxIdentity.account(comment.author), "body": .string(comment.body)]
    }
}
