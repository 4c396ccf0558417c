import Basics
package import Forge
import HTTP

/// Trees come in pages of at most 1,000 entries, counted with folders. Source: Swagger, `GetTree`
extension GiteaClient: TreeReader {
    package func defaultBranch(of repository: RepositoryReference) async throws(ForgeError) -> String {
        try await api.read(DefaultBranchWire.self, ForgeCall(.get, "/repos/\(repository.name)")).defaultBranch
    }

    package func tip(of branch: String, in repository: RepositoryReference) async throws(ForgeError) -> CommitID? {
        guard let encoded = FilePath.encode(branch) else { return nil }
        let call = ForgeCall(.get, path(repository, "branches/\(encoded)"))
        let response = try await api.deliver(call)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw api.refusal(of: call, response) }
        return try api.decode(GiteaBranchWire.self, of: call, response).commit.id
    }

    package func tree(at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryTree {
        var entries: [TreeWire.Entry] = []
        for page in 1...Self.mostPages {
            let query = [(name: "recursive", value: "true"), (name: "page", value: "\(page)"), (name: "per_page", value: "1000")]
            var call = ForgeCall(.get, path(repository, "git/trees/\(commit)"), query: query)
            call.limit = TreeWire.largest
            let wire = try await api.read(TreeWire.self, call)
            entries += wire.entries
            if wire.entries.isEmpty || entries.count >= wire.totalCount ?? 0 {
                return RepositoryTree(entries: TreeWire.files(entries), isTruncated: false)
            }
        }
        return RepositoryTree(entries: TreeWire.files(entries), isTruncated: true)
    }

    private static let mostPages = 100
}
