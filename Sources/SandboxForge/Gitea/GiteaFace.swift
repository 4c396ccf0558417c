import Basics
import Forge
import HTTP

/// The sandbox as Gitea words itself. Source of every shape: Gitea's Swagger description.
enum GiteaFace {
    static let repositoryPath = "/api/v1/repos/{owner}/{name}"
    static let pageSize = 50

    static func add(to routes: inout SandboxRoutes) {
        routes.on(.get, "/api/v1/user") { _, call in .json(200, account(call.who.login)) }
        addPullRequests(to: &routes)
        addConversations(to: &routes)
        addReviews(to: &routes)
        addStatuses(to: &routes)
        addIssues(to: &routes)
        addRuns(to: &routes)
        addChanges(to: &routes)
        addTrees(to: &routes)
    }

    static func account(_ login: String) -> JSONValue { ["id": 1, "login": .string(login), "username": .string(login)] }

    private static func addPullRequests(to routes: inout SandboxRoutes) {
        // `pulls/7` and `pulls/7.diff` are one pattern to the router.
        routes.on(.get, "\(repositoryPath)/pulls/{number}") { state, call in
            let repository = try call.repository(state)
            let name = try call.parameter("number")
            guard name.hasSuffix(".diff") else { return .json(200, json(try call.pull(repository), in: repository)) }
            guard let pull = Int(name.dropLast(".diff".count)).flatMap({ repository.pulls[$0] }) else { throw SandboxRefusal.notFound }
            return .text(200, repository.files(of: pull).map(\.gitText).joined(separator: "\n"))
        }
        routes.on(.get, "\(repositoryPath)/pulls/{number}/commits") { state, call in
            let repository = try call.repository(state)
            return call.page(
                repository.commits(of: try call.pull(repository)).reversed().map(GitHubFace.json), sizeName: "limit", largest: pageSize)
        }
        routes.on(.get, "\(repositoryPath)/raw/{path...}") { state, call in
            let repository = try call.repository(state)
            let reference = call.request.queryValue("ref") ?? repository.defaultBranch
            guard let bytes = repository.commit(reference)?.tree[try call.parameter("path")] else { throw SandboxRefusal.notFound }
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(bytes))
        }
    }

    static func json(_ pull: SandboxPull, in repository: SandboxRepository) -> JSONValue {
        let fork: JSONValue = pull.headRepository.map { ["full_name": .string($0.description)] } ?? GitHubFace.json(repository)
        return [
            "id": .integer(Int64(pull.number)), "number": .integer(Int64(pull.number)),
            "title": .string(pull.isDraft ? "WIP: " + pull.title : pull.title), "body": .string(pull.body), "user": account(pull.author),
            "state": pull.state == .open ? "open" : "closed", "merged": .bool(pull.state == .merged),
            "labels": .array(pull.labels.map { ["name": .string($0)] }),
            "head": ["sha": .string(pull.head.hex), "ref": .string(pull.headBranch), "repo": fork],
            "base": ["sha": .string(pull.base.hex), "ref": .string(pull.baseBranch), "repo": GitHubFace.json(repository)],
            "merge_base": .string(pull.base.hex),
        ]
    }

    private static func addConversations(to routes: inout SandboxRoutes) {
        // This list has no pages.
        routes.on(.get, "\(repositoryPath)/issues/{number}/comments") { state, call in
            let repository = try call.repository(state)
            let number = try GitHubFace.conversation(call, repository)
            return .json(200, .array(repository.comments.filter { $0.number == number }.map(json)))
        }
        routes.on(.post, "\(repositoryPath)/issues/{number}/comments") { state, call in
            .json(201, json(try GitHubFace.addComment(&state, call)))
        }
        routes.on(.post, "\(repositoryPath)/issues/comments/{id}/reactions") { state, call in
            try state.change(call) { repository in
                try repository.react(call, known: repository.comments.map(\.id) + repository.reviews.flatMap(\.comments).map(\.id))
            }
        }
        routes.on(.patch, "\(repositoryPath)/issues/comments/{id}") { state, call in
            .json(200, json(try GitHubFace.editComment(&state, call)))
        }
    }

    static func json(_ comment: SandboxComment) -> JSONValue {
        ["id": .integer(comment.id), "user": account(comment.author), "body": .string(comment.body)]
    }

    private static func addStatuses(to routes: inout SandboxRoutes) {
        routes.on(.post, "\(repositoryPath)/statuses/{sha}") { state, call in
            let repository = try call.repository(state)
            guard let commit = repository.commit(try call.parameter("sha")) else { throw SandboxRefusal.notFound }
            let status = try GitHubFace.makeStatus(call, id: state.takeID(), commit: commit.id)
            state.repositories[repository.name]?.statuses.append(status)
            return .json(201, GitHubFace.json(status))
        }
        routes.on(.get, "\(repositoryPath)/statuses/{sha}") { state, call in
            let repository = try call.repository(state)
            let commit = repository.commit(try call.parameter("sha"))?.id
            let found = repository.statuses.filter { $0.commit == commit }
            return call.page(found.reversed().map(GitHubFace.json), sizeName: "limit", largest: pageSize)
        }
    }
}

extension SandboxFileDiff {
    /// As `git diff` writes a file, with the headers a `.diff` address has.
    var gitText: String {
        let old = Self.quoted("a/" + path)
        let new = Self.quoted("b/" + path)
        var lines = ["diff --git \(old) \(new)"]
        switch status {
        case "added": lines += ["new file mode 100644", "index 0000000..1111111"]
        case "removed": lines += ["deleted file mode 100644", "index 1111111..0000000"]
        default: lines.append("index 1111111..2222222 100644")
        }
        if isBinary { return (lines + ["Binary files \(old) and \(new) differ"]).joined(separator: "\n") }
        guard let patch else { return lines.joined(separator: "\n") }
        lines += ["--- \(status == "added" ? "/dev/null" : old)", "+++ \(status == "removed" ? "/dev/null" : new)", patch]
        return lines.joined(separator: "\n")
    }

    /// git quotes names with bytes beyond ASCII, in octal. Source: git-config, core.quotePath
    private static func quoted(_ path: String) -> String {
        guard path.utf8.contains(where: { $0 > 126 || $0 < 32 || $0 == 34 || $0 == 92 }) else { return path }
        let escaped = path.utf8.map { byte -> String in
            switch byte {
            case 34, 92: "\\" + String(decoding: [byte], as: UTF8.self)
            case 32...126: String(decoding: [byte], as: UTF8.self)
            default: "\\" + [byte >> 6, byte >> 3 & 7, byte & 7].map { "\($0)" }.joined()
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
