package import Basics
package import Forge
import HTTP

/// Gitea's own CI, with GitHub's field names. Before 1.25 a server has no such addresses: `ForgeError.notFound`.
extension GiteaClient: WorkflowRunReader {
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
        let call = ForgeCall(.get, path(repository, "actions/runs/\(run)/jobs"), query: Self.fullPage)
        // Attempts are counted by job here, not by run: what is listed is each job's newest.
        return try await api.pages(GitHubJobsWire.self, call) { $0.jobs }.elements.map(\.job)
    }

    /// The log itself, or the address of the store that keeps it.
    package func log(ofJob job: Int64, in repository: RepositoryReference, limit: ByteCount) async throws(ForgeError) -> [UInt8]? {
        var call = ForgeCall(.get, path(repository, "actions/jobs/\(job)/logs"))
        call.accept = "*/*"
        return try await api.storedLog(call, limit: limit)
    }
}
