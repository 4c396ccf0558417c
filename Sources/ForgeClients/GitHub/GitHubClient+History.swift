package import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/collaborators/collaborators, "Get repository permissions for a user"
extension GitHubClient: PermissionReader {
    package func permission(of login: UntrustedText, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryPermission {
        let call = ForgeCall(.get, path(repository, "collaborators/\(PercentEncoding.encode(login.raw))/permission"))
        return try await api.permission(call)
    }
}

extension APITransport {
    /// Both forges word it alike.
    func permission(_ call: ForgeCall) async throws(ForgeError) -> RepositoryPermission {
        let response = try await deliver(call)
        if response.status == 404 { return .none }
        guard response.status == 200 else { throw refusal(of: call, response) }
        return try decode(PermissionWire.self, of: call, response).level
    }
}

private struct PermissionWire: Decodable {
    let permission: String

    var level: RepositoryPermission {
        switch permission {
        case "admin", "owner": .admin
        case "write", "maintain": .write
        case "read", "triage": .read
        default: .none
        }
    }
}

/// Source: docs.github.com/rest/commits/commits, "Compare two commits"
extension GitHubClient: CommitReader {
    package func compare(_ base: CommitID, with head: CommitID, in repository: RepositoryReference) async throws(ForgeError)
        -> CommitComparison
    {
        let call = ForgeCall(.get, path(repository, "compare/\(base)...\(head)"), query: Self.fullPage)
        // Only the first page has the files, and every page has the total.
        let pages = try await api.pages(GitHubComparisonWire.self, call, most: 20) { [$0] }.elements
        let commits = pages.flatMap { $0.commits.map(\.commit) }
        let files = (pages.first?.files ?? []).map(\.file)
        return CommitComparison(
            commits: commits, isTruncated: commits.count < (pages.first?.totalCommits ?? commits.count),
            files: ChangedFiles(files: files, isTruncated: files.count >= 300))
    }

    package func commits(of reference: PullRequestReference) async throws(ForgeError) -> [ForgeCommit] {
        let call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)/commits"), query: Self.fullPage)
        return try await api.pages(GitHubCommitWire.self, call).elements.map(\.commit)
    }
}

struct GitHubComparisonWire: Decodable {
    let commits: [GitHubCommitWire]
    let totalCommits: Int?
    let files: [GitHubChangedFileWire]?

    enum CodingKeys: String, CodingKey {
        case commits, files
        case totalCommits = "total_commits"
    }
}

struct GitHubCommitWire: Decodable {
    struct Inner: Decodable {
        let message: String
    }

    struct Parent: Decodable {
        let sha: CommitID
    }

    let sha: CommitID
    let inner: Inner
    let author: GitHubAccountWire?
    let parents: [Parent]?

    enum CodingKeys: String, CodingKey {
        case sha, author, parents
        case inner = "commit"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sha = try container.decode(CommitID.self, forKey: .sha)
        inner = try container.decode(Inner.self, forKey: .inner)
        parents = try container.decodeIfPresent([Parent].self, forKey: .parents)
        // An empty object stands for an address that belongs to nobody.
        author = try? container.decodeIfPresent(GitHubAccountWire.self, forKey: .author)
    }

    var commit: ForgeCommit {
        ForgeCommit(id: sha, message: UntrustedText(inner.message), author: author?.account, parents: (parents ?? []).map(\.sha))
    }
}
