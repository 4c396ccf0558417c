import Basics
import Forge
import HTTP

extension GitHubFace {
    static func addChanges(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/compare/{range}") { state, call in try compare(call, try call.repository(state)) }
        routes.on(.post, "\(repositoryPath)/git/refs") { state, call in
            try state.change(call) { repository in
                let branch = try call.text("ref").dropFirst("refs/heads/".count)
                guard repository.branches[String(branch)] == nil else {
                    throw SandboxRefusal(status: 422, message: "Reference already exists")
                }
                guard let commit = repository.commit(try call.text("sha")) else { throw SandboxRefusal.invalid("Object does not exist") }
                repository.branches[String(branch)] = commit.id
            }
            return .json(201, ["ref": .string(try call.text("ref"))])
        }
        routes.on(.patch, "\(repositoryPath)/git/refs/heads/{branch...}") { state, call in
            let id = try state.change(call) { repository in try move(&repository, call) }
            return .json(200, ["object": ["sha": .string(id.hex)]])
        }
        routes.on(.get, "\(repositoryPath)/git/commits/{sha}") { state, call in
            guard let commit = try call.repository(state).commit(try call.parameter("sha")) else { throw SandboxRefusal.notFound }
            return .json(200, ["sha": .string(commit.id.hex), "tree": ["sha": .string(commit.id.hex)]])
        }
        routes.on(.post, "\(repositoryPath)/git/trees") { state, call in try state.change(call) { try makeTree(&$0, call) } }
        routes.on(.post, "\(repositoryPath)/git/commits") { state, call in try state.change(call) { try makeCommit(&$0, call) } }
        routes.on(.post, "\(repositoryPath)/pulls") { state, call in
            try state.change(call) { repository in
                let pull = try repository.open(call)
                return .json(201, json(pull, in: repository))
            }
        }
        routes.on(.get, "\(repositoryPath)/pulls") { state, call in
            let repository = try call.repository(state)
            let head = call.request.queryValue("head").map { $0.split(separator: ":").last.map(String.init) ?? $0 }
            let open = repository.pulls.values.sorted { $0.number > $1.number }
                .filter { $0.state == .open && (head == nil || $0.headBranch == head) }
            return call.page(open.map { json($0, in: repository) })
        }
        addDeployments(to: &routes)
    }

    /// A tree is kept as a commit without a message, and named by it: nobody looks inside.
    private static func makeTree(_ repository: inout SandboxRepository, _ call: SandboxCall) throws -> HTTPResponse {
        var files = repository.commit(try call.text("base_tree"))?.tree ?? [:]
        for entry in call.body["tree"]?.array ?? [] {
            guard let path = entry["path"]?.string else { throw SandboxRefusal.invalid("tree.path is missing") }
            files[path] = entry["content"]?.string.map { Array($0.utf8) }
        }
        guard let tree = repository.commit(files, parent: nil, message: "", author: call.who.login) else { throw SandboxRefusal.notFound }
        return .json(201, ["sha": .string(tree.id.hex)])
    }

    private static func makeCommit(_ repository: inout SandboxRepository, _ call: SandboxCall) throws -> HTTPResponse {
        guard let tree = repository.commit(try call.text("tree"))?.tree,
            let parent = call.body["parents"]?[0]?.string.flatMap({ CommitID($0) }),
            let commit = repository.commit(tree, parent: parent, message: try call.text("message"), author: call.who.login)
        else { throw SandboxRefusal.invalid("Tree SHA does not exist") }
        return .json(201, ["sha": .string(commit.id.hex)])
    }

    private static func move(_ repository: inout SandboxRepository, _ call: SandboxCall) throws -> CommitID {
        let branch = try call.parameter("branch")
        guard let now = repository.branches[branch] else { throw SandboxRefusal.notFound }
        guard let commit = repository.commit(try call.text("sha")) else { throw SandboxRefusal.invalid("Object does not exist") }
        guard commit.parent == now else { throw SandboxRefusal(status: 422, message: "Update is not a fast forward") }
        repository.branches[branch] = commit.id
        return commit.id
    }

    private static func compare(_ call: SandboxCall, _ repository: SandboxRepository) throws -> HTTPResponse {
        let (base, head) = try range(call, repository)
        let commits = repository.commits(from: base, to: head)
        let files = call.request.queryValue("page").map { $0 == "1" } ?? true ? repository.files(from: base, to: head) : []
        return call.page(commits.map(json)) {
            ["commits": $0, "total_commits": .integer(Int64(commits.count)), "files": .array(files.map(json)), "status": "ahead"]
        }
    }

    static func range(_ call: SandboxCall, _ repository: SandboxRepository) throws -> (CommitID, CommitID) {
        let ends = try call.parameter("range").split(separator: ".", omittingEmptySubsequences: true)
        guard ends.count == 2, let base = repository.commit(String(ends[0])), let head = repository.commit(String(ends[1])) else {
            throw SandboxRefusal.notFound
        }
        return (base.id, head.id)
    }

    private static func addDeployments(to routes: inout SandboxRoutes) {
        routes.on(.post, "\(repositoryPath)/deployments") { state, call in
            let id = state.takeID()
            try state.change(call) { repository in
                guard let commit = repository.commit(try call.text("ref")) else { throw SandboxRefusal.invalid("No ref found") }
                repository.deployments.append(
                    SandboxDeployment(
                        id: id, commit: commit.id, environment: call.body["environment"]?.string ?? "production",
                        payload: call.body["payload"] ?? .null, states: [], createdAt: nil))
            }
            return .json(201, ["id": .integer(id)])
        }
        routes.on(.get, "\(repositoryPath)/deployments") { state, call in
            let environment = call.request.queryValue("environment")
            let found = try call.repository(state).deployments.filter { environment == nil || $0.environment == environment }
            return call.page(
                found.reversed().map { deployment in
                    [
                        "id": .integer(deployment.id), "sha": .string(deployment.commit.hex), "payload": deployment.payload,
                        "environment": .string(deployment.environment),
                        "created_at": .string(deployment.createdAt ?? "2026-01-01T00:00:00Z"),
                    ]
                })
        }
        routes.on(.get, "\(repositoryPath)/deployments/{id}/statuses") { state, call in
            let id = Int64(try call.number("id"))
            guard let deployment = try call.repository(state).deployments.first(where: { $0.id == id }) else {
                throw SandboxRefusal.notFound
            }
            return call.page(deployment.states.reversed().map { ["state": .string($0.state), "environment_url": .string($0.url)] })
        }
        routes.on(.post, "\(repositoryPath)/deployments/{id}/statuses") { state, call in
            let id = Int64(try call.number("id"))
            try state.change(call) { repository in
                guard let index = repository.deployments.firstIndex(where: { $0.id == id }) else { throw SandboxRefusal.notFound }
                repository.deployments[index].states.append((try call.text("state"), call.body["environment_url"]?.string ?? ""))
            }
            return .json(201, ["id": .integer(state.takeID())])
        }
    }
}
