package import Basics
package import Forge
import HTTP

extension GiteaClient: PermissionReader {
    package func permission(of login: UntrustedText, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryPermission {
        let call = ForgeCall(.get, path(repository, "collaborators/\(PercentEncoding.encode(login.raw))/permission"))
        return try await api.permission(call)
    }
}

extension GiteaClient: CommitReader {
    package func compare(_ base: CommitID, with head: CommitID, in repository: RepositoryReference) async throws(ForgeError)
        -> CommitComparison
    {
        let call = ForgeCall(.get, path(repository, "compare/\(base)...\(head)"))
        let wire = try await api.read(GitHubComparisonWire.self, call)
        let commits = Self.oldestFirst(wire.commits.map(\.commit))
        return CommitComparison(commits: commits, isTruncated: commits.count < (wire.totalCommits ?? commits.count), files: nil)
    }

    package func commits(of reference: PullRequestReference) async throws(ForgeError) -> [ForgeCommit] {
        let call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)/commits"), query: Self.fullPage)
        return Self.oldestFirst(try await api.pages(GitHubCommitWire.self, call).elements.map(\.commit))
    }

    /// The description does not say which order a list has, but the commits do: a parent comes before its child.
    private static func oldestFirst(_ commits: [ForgeCommit]) -> [ForgeCommit] {
        guard let first = commits.first, commits.count > 1 else { return commits }
        return first.parents.contains { parent in commits.contains { $0.id == parent } } ? commits.reversed() : commits
    }
}
