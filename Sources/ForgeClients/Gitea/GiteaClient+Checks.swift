package import Forge
import HTTP

/// Commit statuses: Gitea has no check runs, so summary and annotations are left to the review.
extension GiteaClient {
    package func createCheck(in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) -> Int64 {
        let status = CommitStatus(draft, commitURL: "\(site)/\(repository.name)/commit/\(draft.commit)")
        let call = ForgeCall(.post, path(repository, "statuses/\(draft.commit)"), body: status.body)
        return try await api.read(GitHubIDWire.self, call).id
    }

    /// Another status of the same context takes the place of the one before.
    package func updateCheck(_ id: Int64, in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) {
        _ = try await createCheck(in: repository, draft)
    }

    package func checks(on commit: CommitID, in repository: RepositoryReference, externalID: String) async throws(ForgeError) -> [Int64] {
        let query = Self.fullPage + [(name: "sort", value: "recentupdate")]
        let call = ForgeCall(.get, path(repository, "statuses/\(commit)"), query: query)
        let statuses = try await api.pages(CommitStatusWire.self, call).elements
        guard !statuses.isEmpty else { return [] }
        return CommitStatusWire.matching(statuses, externalID: externalID, login: try await ours())
    }
}
