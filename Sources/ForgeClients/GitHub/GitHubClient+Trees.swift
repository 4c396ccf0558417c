import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/git/trees ("Get a tree", 100,000 entries or 7 MB at most), docs.github.com/rest/branches
extension GitHubClient: TreeReader {
    package func defaultBranch(of repository: RepositoryReference) async throws(ForgeError) -> String {
        try await api.read(DefaultBranchWire.self, ForgeCall(.get, "/repos/\(repository.name)")).defaultBranch
    }

    package func tip(of branch: String, in repository: RepositoryReference) async throws(ForgeError) -> CommitID? {
        guard let encoded = FilePath.encode(branch) else { return nil }
        let call = ForgeCall(.get, path(repository, "branches/\(encoded)"))
        let response = try await api.deliver(call)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw api.refusal(of: call, response) }
        return try api.decode(GitHubBranchWire.self, of: call, response).commit.sha
    }

    package func tree(at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryTree {
        var call = ForgeCall(.get, path(repository, "git/trees/\(commit)"), query: [(name: "recursive", value: "1")])
        call.limit = TreeWire.largest
        return try await api.read(TreeWire.self, call).tree
    }
}

struct DefaultBranchWire: Decodable {
    let defaultBranch: String

    enum CodingKeys: String, CodingKey {
        case defaultBranch = "default_branch"
    }
}

struct GitHubBranchWire: Decodable {
    let commit: GitHubObjectWire
}

/// Both forges word it alike; Gitea cuts it into pages.
struct TreeWire: Decodable {
    struct Entry: Decodable {
        let path: String
        let mode: String
        let type: String
        let sha: String
        let size: Int?
    }

    static let largest = ByteCount.mebibytes(16)

    let entries: [Entry]
    let truncated: Bool?
    let totalCount: Int?

    enum CodingKeys: String, CodingKey {
        case truncated
        case entries = "tree"
        case totalCount = "total_count"
    }

    var tree: RepositoryTree { RepositoryTree(entries: Self.files(entries), isTruncated: truncated ?? false) }

    static func files(_ entries: [Entry]) -> [RepositoryTree.Entry] {
        entries.filter { $0.type == "blob" || $0.type == "commit" }.map { entry in
            let kind: RepositoryTree.Entry.Kind = entry.type == "commit" ? .other : entry.mode == "120000" ? .link : .file
            return RepositoryTree.Entry(path: entry.path, kind: kind, id: entry.sha, size: entry.size)
        }
    }
}
