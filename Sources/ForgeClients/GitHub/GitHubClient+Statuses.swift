import Forge
import HTTP

/// Commit statuses, for a person's token. Source: docs.github.com/rest/commits/statuses
extension GitHubClient {
    func createStatus(in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) -> Int64 {
        let status = CommitStatus(draft, commitURL: "\(site)/\(repository.name)/commit/\(draft.commit)")
        let call = ForgeCall(.post, path(repository, "statuses/\(draft.commit)"), body: status.body)
        return try await api.read(GitHubIDWire.self, call).id
    }

    func statuses(on commit: CommitID, in repository: RepositoryReference, externalID: String) async throws(ForgeError) -> [Int64] {
        let call = ForgeCall(.get, path(repository, "commits/\(commit)/statuses"), query: Self.fullPage)
        let statuses = try await api.pages(CommitStatusWire.self, call).elements
        guard !statuses.isEmpty else { return [] }
        return CommitStatusWire.matching(statuses, externalID: externalID, login: try await identity.ours().login)
    }
}
