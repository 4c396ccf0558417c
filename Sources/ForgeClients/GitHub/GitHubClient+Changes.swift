import Basics
package import Forge
import HTTP

/// Several files in one commit need the git database. Source: docs.github.com/rest/git
extension GitHubClient: RepositoryWriter {
    package func createBranch(_ branch: String, at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError) {
        let body: JSONValue = ["ref": .string("refs/heads/" + branch), "sha": .string(commit.hex)]
        _ = try await api.send(ForgeCall(.post, path(repository, "git/refs"), body: body))
    }

    /// Trees and commits nothing points to do no harm, so only moving the branch is a write that can be lost.
    package func commit(
        _ changes: [String: String?], to branch: String, parent: CommitID, message: PublishableText, in repository: RepositoryReference
    ) async throws(ForgeError) -> CommitID {
        guard let encodedBranch = FilePath.encode(branch) else { throw .refused(resource: "branch", reason: "no branch has such a name") }
        let base = try await api.read(GitHubTreeOfCommitWire.self, ForgeCall(.get, path(repository, "git/commits/\(parent)")))
        let entries = changes.sorted { $0.key < $1.key }.map { path, content -> JSONValue in
            let place: [String: JSONValue] = ["path": .string(path), "mode": "100644", "type": "blob"]
            return .object(place.merging(content.map { ["content": .string($0)] } ?? ["sha": .null]) { $1 })
        }
        let tree = try await makeObject("git/trees", ["base_tree": .string(base.tree.sha.hex), "tree": .array(entries)], in: repository)
        let commit = try await makeObject(
            "git/commits", ["message": .string(message.text), "tree": .string(tree.hex), "parents": [.string(parent.hex)]], in: repository)
        let move: JSONValue = ["sha": .string(commit.hex), "force": false]
        _ = try await api.send(ForgeCall(.patch, path(repository, "git/refs/heads/\(encodedBranch)"), body: move))
        return commit
    }

    private func makeObject(_ kind: String, _ body: JSONValue, in repository: RepositoryReference) async throws(ForgeError) -> CommitID {
        var call = ForgeCall(.post, path(repository, kind), body: body)
        call.isHarmless = true
        return try await api.read(GitHubObjectWire.self, call).sha
    }

    package func openPullRequest(in repository: RepositoryReference, _ draft: PullRequestDraft) async throws(ForgeError) -> Int {
        let body: JSONValue = [
            "title": .string(draft.title.text), "body": .string(draft.body.text), "head": .string(draft.head), "base": .string(draft.base),
            "draft": .bool(draft.isDraft),
        ]
        return try await api.read(GitHubNumberWire.self, ForgeCall(.post, path(repository, "pulls"), body: body)).number.value
    }

    package func updatePullRequest(_ number: Int, in repository: RepositoryReference, title: PublishableText, body: PublishableText)
        async throws(ForgeError)
    {
        let words: JSONValue = ["title": .string(title.text), "body": .string(body.text)]
        _ = try await api.send(ForgeCall(.patch, path(repository, "pulls/\(number)"), body: words))
    }

    package func openPullRequests(from branch: String, in repository: RepositoryReference) async throws(ForgeError) -> [Int] {
        let query = Self.fullPage + [(name: "state", value: "open"), (name: "head", value: "\(repository.name.owner):\(branch)")]
        return try await api.pages(GitHubNumberWire.self, ForgeCall(.get, path(repository, "pulls"), query: query)).elements
            .map(\.number.value)
    }
}

struct GitHubObjectWire: Decodable {
    let sha: CommitID
}

struct GitHubTreeOfCommitWire: Decodable {
    let tree: GitHubObjectWire
}
