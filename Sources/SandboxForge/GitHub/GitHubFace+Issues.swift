import Basics
import HTTP

extension GitHubFace {
    static func addIssues(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/issues") { state, call in
            call.page(try call.repository(state).issues(call).map(json))
        }
        routes.on(.post, "\(repositoryPath)/issues") { state, call in
            let labels = (call.body["labels"]?.array ?? []).compactMap(\.string)
            return .json(201, json(try state.change(call) { try $0.makeIssue(call, labels: labels) }))
        }
        routes.on(.get, "\(repositoryPath)/issues/{number}") { state, call in
            guard let issue = try call.repository(state).issues[try call.number("number")] else { throw SandboxRefusal.notFound }
            return .json(200, json(issue))
        }
        routes.on(.patch, "\(repositoryPath)/issues/{number}") { state, call in
            .json(200, json(try state.change(call) { try $0.editIssue(call) }))
        }
        routes.on(.get, "\(repositoryPath)/collaborators/{login}/permission") { state, call in
            let repository = try call.repository(state)
            return .json(200, ["permission": .string(repository.permissions[try call.parameter("login")] ?? "read")])
        }
    }

    static func json(_ issue: SandboxIssue) -> JSONValue {
        [
            "number": .integer(Int64(issue.number)), "title": .string(issue.title), "body": .string(issue.body),
            "user": SandboxIdentity.account(issue.author), "state": issue.isOpen ? "open" : "closed",
            "labels": .array(issue.labels.map { ["id": 1, "name": .string($0)] }),
        ]
    }
}
