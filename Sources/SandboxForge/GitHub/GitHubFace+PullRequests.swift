import Basics
import Forge
import HTTP

extension GitHubFace {
    static func addPullRequests(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/pulls/{number}") { state, call in
            let repository = try call.repository(state)
            return .json(200, json(try call.pull(repository), in: repository))
        }
        routes.on(.get, "\(repositoryPath)/pulls/{number}/files") { state, call in
            let repository = try call.repository(state)
            return call.page(repository.files(of: try call.pull(repository)).map(json))
        }
        routes.on(.get, "\(repositoryPath)/pulls/{number}/commits") { state, call in
            let repository = try call.repository(state)
            return call.page(repository.commits(of: try call.pull(repository)).map(json))
        }
        routes.on(.get, "\(repositoryPath)/contents/{path...}") { state, call in try contents(state, call) }
    }

    static func json(_ pull: SandboxPull, in repository: SandboxRepository) -> JSONValue {
        let headRepository: JSONValue =
            pull.headRepository.map { ["full_name": .string($0.description), "id": 1, "name": .string($0.name)] } ?? json(repository)
        return [
            "id": .integer(repository.id &* 1000 &+ Int64(pull.number)), "number": .integer(Int64(pull.number)),
            "title": .string(pull.title),
            "body": .string(pull.body), "user": SandboxIdentity.account(pull.author), "state": pull.state == .open ? "open" : "closed",
            "merged": .bool(pull.state == .merged), "draft": .bool(pull.isDraft),
            "labels": .array(pull.labels.map { ["name": .string($0)] }),
            "comments": .integer(Int64(repository.comments.count { $0.number == pull.number })),
            "review_comments": .integer(
                Int64(repository.reviews.filter { $0.number == pull.number }.reduce(0) { $0 + $1.comments.count })),
            "changed_files": .integer(Int64(repository.files(of: pull).count)),
            "head": ["sha": .string(pull.head.hex), "ref": .string(pull.headBranch), "repo": headRepository],
            "base": ["sha": .string(pull.base.hex), "ref": .string(pull.baseBranch), "repo": json(repository)],
        ]
    }

    static func json(_ file: SandboxFileDiff) -> JSONValue {
        var wire: [String: JSONValue] = [
            "filename": .string(file.path), "status": .string(file.status), "additions": .integer(Int64(file.additions)),
            "deletions": .integer(Int64(file.deletions)), "changes": .integer(Int64(file.additions + file.deletions)),
        ]
        if let patch = file.patch { wire["patch"] = .string(patch) }
        return .object(wire)
    }

    static func json(_ commit: SandboxCommit) -> JSONValue {
        [
            "sha": .string(commit.id.hex), "author": SandboxIdentity.account(commit.author),
            "commit": ["message": .string(commit.message), "author": ["name": .string(commit.author), "date": "2026-01-01T00:00:00Z"]],
            "parents": .array(commit.parent.map { [["sha": .string($0.hex)]] } ?? []),
        ]
    }

    private static func contents(_ state: SandboxState, _ call: SandboxCall) throws -> HTTPResponse {
        let repository = try call.repository(state)
        let reference = call.request.queryValue("ref") ?? repository.defaultBranch
        let path = try call.parameter("path")
        guard let tree = repository.commit(reference)?.tree else { throw SandboxRefusal.notFound }
        guard let bytes = tree[path] else {
            guard tree.keys.contains(where: { $0.hasPrefix(path + "/") }) else { throw SandboxRefusal.notFound }
            return .json(200, [["type": "file", "path": .string(path)]])
        }
        return HTTPResponse(status: 200, headers: ["Content-Type": "application/vnd.github.raw+json; charset=utf-8"], body: .bytes(bytes))
    }
}
