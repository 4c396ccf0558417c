import Basics
import Forge
import HTTP

extension GitHubFace {
    static func addRuns(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/actions/runs") { state, call in
            let repository = try call.repository(state)
            let runs = runs(call, repository)
            return call.page(runs.map { json($0, in: repository) }) {
                ["total_count": .integer(Int64(runs.count)), "workflow_runs": $0]
            }
        }
        routes.on(.get, "\(repositoryPath)/actions/runs/{id}") { state, call in
            let repository = try call.repository(state)
            return .json(200, json(try run(call, repository), in: repository))
        }
        routes.on(.get, "\(repositoryPath)/actions/runs/{id}/attempts/{attempt}/jobs") { state, call in
            let run = try run(call, try call.repository(state))
            let attempt = try call.number("attempt")
            guard let jobs = attempt == run.attempt ? run.jobs : run.earlier[attempt] else { throw SandboxRefusal.notFound }
            return call.page(jobs.map { json($0, of: run, attempt: attempt) }) { ["total_count": .integer(Int64(jobs.count)), "jobs": $0] }
        }
        routes.on(.get, "\(repositoryPath)/actions/jobs/{id}/logs") { state, call in
            let id = try call.number("id")
            _ = try job(id, in: try call.repository(state))
            let repository = "\(try call.parameter("owner"))/\(try call.parameter("name"))"
            return HTTPResponse(status: 302, headers: ["Location": "\(call.base)/blobs/\(repository)/\(id)"])
        }
        // The store beside the forge: whoever shows it a credential is refused, as the real one does.
        routes.onOpen(.get, "/blobs/{owner}/{name}/{id}") { state, call in
            guard call.request.headers["Authorization"] == nil else {
                return HTTPResponse(status: 401, headers: [:], body: .bytes(Array("InvalidAuthenticationInfo".utf8)))
            }
            let job = try job(try call.number("id"), in: try call.repository(state))
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .bytes(Array(job.log.utf8)))
        }
    }

    /// Of one commit, newest first.
    static func runs(_ call: SandboxCall, _ repository: SandboxRepository) -> [SandboxRun] {
        let commit = call.request.queryValue("head_sha")
        return repository.runs.values.filter { commit == nil || $0.commit.hex == commit }.sorted { $0.id > $1.id }
    }

    static func run(_ call: SandboxCall, _ repository: SandboxRepository) throws -> SandboxRun {
        guard let run = repository.runs[Int64(try call.number("id"))] else { throw SandboxRefusal.notFound }
        return run
    }

    static func job(_ id: Int, in repository: SandboxRepository) throws -> SandboxJob {
        guard let job = repository.runs.values.flatMap({ $0.jobs + $0.earlier.values.flatMap(\.self) }).first(where: { $0.id == Int64(id) })
        else { throw SandboxRefusal.notFound }
        return job
    }

    static func json(_ run: SandboxRun, in repository: SandboxRepository) -> JSONValue {
        // GitHub names no pull request whose head is in a fork.
        let pulls = run.headRepository == nil ? run.pullRequest.map { [$0] } ?? [] : []
        let head = run.headRepository.map { ["full_name": .string($0.description)] as JSONValue } ?? json(repository)
        return [
            "id": .integer(run.id), "name": .string(run.name), "run_attempt": .integer(Int64(run.attempt)), "event": .string(run.event),
            "head_branch": .string(run.branch), "head_sha": .string(run.commit.hex), "head_repository": head,
            "status": "completed", "conclusion": .string(run.conclusion),
            "pull_requests": .array(pulls.map { ["number": .integer(Int64($0))] }), "path": ".github/workflows/ci.yml",
        ]
    }

    static func json(_ job: SandboxJob, of run: SandboxRun, attempt: Int) -> JSONValue {
        [
            "id": .integer(job.id), "run_id": .integer(run.id), "run_attempt": .integer(Int64(attempt)), "name": .string(job.name),
            "status": "completed", "conclusion": .string(job.conclusion),
            "steps": [["number": 1, "name": "Run", "status": "completed", "conclusion": .string(job.conclusion)]],
        ]
    }
}
