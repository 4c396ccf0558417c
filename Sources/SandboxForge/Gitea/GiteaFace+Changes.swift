import Basics
import Forge
import FoundationEssentials
import HTTP

extension GiteaFace {
    static func addIssues(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/issues") { state, call in
            call.page(try call.repository(state).issues(call).map(GitHubFace.json), sizeName: "limit", largest: pageSize)
        }
        routes.on(.post, "\(repositoryPath)/issues") { state, call in
            let ids = (call.body["labels"]?.array ?? []).compactMap(\.int)
            let labels = try call.repository(state).labels
            let names = ids.compactMap { id in labels.first { $0.value == Int64(id) }?.key }
            guard names.count == ids.count else { throw SandboxRefusal.invalid("label does not exist") }
            return .json(201, GitHubFace.json(try state.change(call) { try $0.makeIssue(call, labels: names) }))
        }
        routes.on(.get, "\(repositoryPath)/issues/{number}") { state, call in
            guard let issue = try call.repository(state).issues[try call.number("number")] else { throw SandboxRefusal.notFound }
            return .json(200, GitHubFace.json(issue))
        }
        routes.on(.patch, "\(repositoryPath)/issues/{number}") { state, call in
            .json(201, GitHubFace.json(try state.change(call) { try $0.editIssue(call) }))
        }
        routes.on(.get, "\(repositoryPath)/labels") { state, call in
            let labels = try call.repository(state).labels.sorted { $0.value < $1.value }
            return call.page(labels.map { ["id": .integer($0.value), "name": .string($0.key)] }, sizeName: "limit", largest: pageSize)
        }
        routes.on(.post, "\(repositoryPath)/labels") { state, call in
            let id = state.takeID()
            let name = try call.text("name")
            try state.change(call) { $0.labels[name] = id }
            return .json(201, ["id": .integer(id), "name": .string(name)])
        }
        routes.on(.get, "\(repositoryPath)/collaborators/{login}/permission") { state, call in
            let repository = try call.repository(state)
            return .json(200, ["permission": .string(repository.permissions[try call.parameter("login")] ?? "read")])
        }
    }

    static func addRuns(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/actions/runs") { state, call in
            let repository = try call.repository(state)
            let runs = GitHubFace.runs(call, repository)
            return call.page(runs.map { json($0, in: repository) }, sizeName: "limit", largest: pageSize) {
                ["total_count": .integer(Int64(runs.count)), "workflow_runs": $0]
            }
        }
        routes.on(.get, "\(repositoryPath)/actions/runs/{id}") { state, call in
            let repository = try call.repository(state)
            return .json(200, json(try GitHubFace.run(call, repository), in: repository))
        }
        routes.on(.get, "\(repositoryPath)/actions/runs/{id}/jobs") { state, call in
            let run = try GitHubFace.run(call, try call.repository(state))
            let jobs = run.jobs.map { GitHubFace.json($0, of: run, attempt: run.attempt) }
            return call.page(jobs, sizeName: "limit", largest: pageSize) { ["total_count": .integer(Int64(jobs.count)), "jobs": $0] }
        }
        routes.on(.get, "\(repositoryPath)/actions/jobs/{id}/logs") { state, call in
            let job = try GitHubFace.job(try call.number("id"), in: try call.repository(state))
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .bytes(Array(job.log.utf8)))
        }
    }

    /// Runs count no attempts here, only their jobs do; a pull request is named by the workflow's reference alone.
    static func json(_ run: SandboxRun, in repository: SandboxRepository) -> JSONValue {
        let reference = run.pullRequest.map { "refs/pull/\($0)/head" } ?? "refs/heads/\(run.branch)"
        let head = run.headRepository.map { ["full_name": .string($0.description)] as JSONValue } ?? GitHubFace.json(repository)
        return [
            "id": .integer(run.id), "display_title": .string(run.name), "path": .string("ci.yml@\(reference)"), "event": .string(run.event),
            "run_attempt": 0, "run_number": 1, "head_branch": .string(run.pullRequest == nil ? run.branch : ""),
            "head_sha": .string(run.commit.hex), "head_repository": head, "repository": GitHubFace.json(repository),
            "status": "completed", "conclusion": .string(run.conclusion),
        ]
    }

    static func addChanges(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/compare/{range}") { state, call in
            let repository = try call.repository(state)
            let (base, head) = try GitHubFace.range(call, repository)
            let commits = repository.commits(from: base, to: head)
            return .json(
                200, ["total_commits": .integer(Int64(commits.count)), "commits": .array(commits.reversed().map(GitHubFace.json))])
        }
        routes.on(.post, "\(repositoryPath)/branches") { state, call in
            try state.change(call) { repository in
                let name = try call.text("new_branch_name")
                guard repository.branches[name] == nil else { throw SandboxRefusal(status: 409, message: "The branch already exists.") }
                guard let commit = repository.commit(try call.text("old_ref_name")) else { throw SandboxRefusal.notFound }
                repository.branches[name] = commit.id
            }
            return .json(201, [:])
        }
        routes.on(.get, "\(repositoryPath)/branches/{branch...}") { state, call in
            guard let id = try call.repository(state).branches[try call.parameter("branch")] else { throw SandboxRefusal.notFound }
            return .json(200, ["commit": ["id": .string(id.hex)]])
        }
        routes.on(.get, "\(repositoryPath)/contents/{path...}") { state, call in
            let repository = try call.repository(state)
            let reference = call.request.queryValue("ref") ?? repository.defaultBranch
            guard let bytes = repository.commit(reference)?.tree[try call.parameter("path")] else { throw SandboxRefusal.notFound }
            return .json(200, ["sha": .string(SandboxRepository.blobID(bytes)), "type": "file"])
        }
        routes.on(.post, "\(repositoryPath)/contents") { state, call in try state.change(call) { try changeFiles(&$0, call) } }
        routes.on(.post, "\(repositoryPath)/pulls") { state, call in
            try state.change(call) { repository in
                let pull = try repository.open(call)
                return .json(201, json(pull, in: repository))
            }
        }
        routes.on(.get, "\(repositoryPath)/pulls") { state, call in
            let repository = try call.repository(state)
            let open = repository.pulls.values.sorted { $0.number > $1.number }.filter { $0.state == .open }
            return call.page(open.map { json($0, in: repository) }, sizeName: "limit", largest: pageSize)
        }
    }

    private static func changeFiles(_ repository: inout SandboxRepository, _ call: SandboxCall) throws -> HTTPResponse {
        let branch = try call.text("branch")
        guard let parent = repository.commit(branch) else { throw SandboxRefusal.notFound }
        var tree = parent.tree
        for file in call.body["files"]?.array ?? [] {
            guard let path = file["path"]?.string, let operation = file["operation"]?.string else { throw SandboxRefusal.invalid("files") }
            let old = tree[path].map { SandboxRepository.blobID($0) }
            guard old == file["sha"]?.string else { throw SandboxRefusal.invalid("sha does not match") }
            guard (operation == "create") == (old == nil) else { throw SandboxRefusal.invalid("operation does not fit") }
            let content = file["content"]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
            guard operation == "delete" || content != nil else { throw SandboxRefusal.invalid("content is not base64") }
            tree[path] = operation == "delete" ? nil : content
        }
        guard let commit = repository.commit(tree, parent: parent.id, message: try call.text("message"), author: call.who.login) else {
            throw SandboxRefusal.notFound
        }
        repository.branches[branch] = commit.id
        return .json(201, ["commit": ["sha": .string(commit.id.hex)]])
    }
}
