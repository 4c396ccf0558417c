package import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/actions/workflow-runs, docs.github.com/rest/actions/workflow-jobs
extension GitHubClient: WorkflowRunReader {
    package func workflowRun(_ id: Int64, in repository: RepositoryReference) async throws(ForgeError) -> WorkflowRun {
        try await api.read(GitHubRunWire.self, ForgeCall(.get, path(repository, "actions/runs/\(id)"))).run
    }

    package func workflowRuns(
        of commit: CommitID, in repository: RepositoryReference, limit: Int
    ) async throws(ForgeError) -> [WorkflowRun] {
        let call = ForgeCall(.get, path(repository, "actions/runs"), query: Self.fullPage + [(name: "head_sha", value: commit.hex)])
        return Array(try await api.read(GitHubRunsWire.self, call).workflowRuns.map(\.run).prefix(max(limit, 0)))
    }

    package func jobs(of run: Int64, attempt: Int, in repository: RepositoryReference) async throws(ForgeError) -> [WorkflowJob] {
        let call = ForgeCall(.get, path(repository, "actions/runs/\(run)/attempts/\(attempt)/jobs"), query: Self.fullPage)
        return try await api.pages(GitHubJobsWire.self, call) { $0.jobs }.elements.map(\.job)
    }

    package func log(ofJob job: Int64, in repository: RepositoryReference, limit: ByteCount) async throws(ForgeError) -> [UInt8]? {
        try await api.storedLog(ForgeCall(.get, path(repository, "actions/jobs/\(job)/logs")), limit: limit)
    }
}

extension APITransport {
    /// The forge answers with a short-lived address on another server, which refuses requests that carry our credential; or with the log.
    func storedLog(_ call: ForgeCall, limit: ByteCount) async throws(ForgeError) -> [UInt8]? {
        var call = call
        call.limit = limit
        call.followsRedirects = false
        var response = try await deliver(call)
        if [302, 303, 307].contains(response.status) {
            guard let address = response.headers["Location"] else {
                throw .malformedReply(resource: call.subject, reason: "redirected nowhere")
            }
            response = try await download(address, for: call)
        }
        switch response.status {
        case 200:
            guard response.body.count <= limit.bytes else { throw .tooLarge(resource: call.subject, limit: limit.bytes) }
            return response.body
        case 404, 410: return nil
        default: throw refusal(of: call, response)
        }
    }
}

struct GitHubRunsWire: Decodable {
    let workflowRuns: [GitHubRunWire]

    enum CodingKeys: String, CodingKey {
        case workflowRuns = "workflow_runs"
    }
}

struct GitHubRunWire: Decodable {
    let id: Int64
    let runAttempt: Int?
    let name: String?
    let displayTitle: String?
    let event: String?
    let headBranch: String?
    let headSHA: CommitID
    let headRepository: GitHubRepositoryWire?
    let conclusion: String?
    let pullRequests: [GitHubNumberWire]?
    let path: String?

    enum CodingKeys: String, CodingKey {
        case id, name, event, conclusion, path
        case pullRequests = "pull_requests"
        case runAttempt = "run_attempt"
        case displayTitle = "display_title"
        case headBranch = "head_branch"
        case headSHA = "head_sha"
        case headRepository = "head_repository"
    }

    var run: WorkflowRun {
        WorkflowRun(
            id: id, attempt: max(runAttempt ?? 1, 1), name: UntrustedText(name ?? file ?? displayTitle ?? ""), event: event ?? "",
            branch: headBranch.map { UntrustedText($0) }, commit: headSHA, headRepository: headRepository?.fullName.name,
            conclusion: conclusion.flatMap { $0.isEmpty ? nil : $0 }, pullRequests: numbers)
    }

    /// Gitea names no workflow but its file, `ci.yml@refs/heads/main`; its title is the commit's, another one each time.
    private var file: String? {
        guard let path, let end = path.firstIndex(of: "@"), end > path.startIndex else { return nil }
        return String(path[..<end])
    }

    /// Gitea lists none, but names the reference the workflow ran for: `ci.yml@refs/pull/7/head`.
    private var numbers: [Int] {
        if let pullRequests, !pullRequests.isEmpty { return pullRequests.map(\.number.value) }
        guard let path, let start = path.firstRange(of: "@refs/pull/")?.upperBound else { return [] }
        return Int(path[start...].prefix { $0 != "/" }).flatMap { $0 > 0 ? [$0] : nil } ?? []
    }
}

struct GitHubJobsWire: Decodable {
    struct Job: Decodable {
        struct Step: Decodable {
            let number: Int?
            let name: String?
            let conclusion: String?
        }

        let id: Int64
        let name: String?
        let conclusion: String?
        let steps: [Step]?
        let runAttempt: Int?

        enum CodingKeys: String, CodingKey {
            case id, name, conclusion, steps
            case runAttempt = "run_attempt"
        }

        var job: WorkflowJob {
            WorkflowJob(
                id: id, name: UntrustedText(name ?? ""), conclusion: conclusion.flatMap { $0.isEmpty ? nil : $0 },
                steps: (steps ?? []).enumerated().map { index, step in
                    WorkflowJob.Step(
                        number: step.number ?? index + 1, name: UntrustedText(step.name ?? ""), conclusion: step.conclusion)
                }, attempt: runAttempt.flatMap { $0 > 0 ? $0 : nil })
        }
    }

    let jobs: [Job]
}
