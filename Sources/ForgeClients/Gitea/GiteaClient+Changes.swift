import Basics
package import Forge
import FoundationEssentials
import HTTP

/// Several files in one commit: Gitea 1.20 and later, Forgejo likewise.
extension GiteaClient: RepositoryWriter {
    package func createBranch(_ branch: String, at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError) {
        let body: JSONValue = ["new_branch_name": .string(branch), "old_ref_name": .string(commit.hex)]
        _ = try await api.send(ForgeCall(.post, path(repository, "branches"), body: body))
    }

    /// The server compares files, not branches, so the branch is looked at before; each file carries what it replaces.
    package func commit(
        _ changes: [String: String?], to branch: String, parent: CommitID, message: PublishableText, in repository: RepositoryReference
    ) async throws(ForgeError) -> CommitID {
        guard let encoded = FilePath.encode(branch) else { throw .refused(resource: "branch", reason: "no branch has such a name") }
        let now = try await api.read(GiteaBranchWire.self, ForgeCall(.get, path(repository, "branches/\(encoded)"))).commit.id
        guard now == parent else { throw .refused(resource: "branch", reason: "it moved to \(now.short)") }
        var files: [JSONValue] = []
        for (path, content) in changes.sorted(by: { $0.key < $1.key }) {
            if let change = try await change(path, content, at: parent, in: repository) { files.append(change) }
        }
        let body: JSONValue = ["branch": .string(branch), "message": .string(message.text), "files": .array(files)]
        return try await api.read(GiteaFilesWire.self, ForgeCall(.post, path(repository, "contents"), body: body)).commit.sha
    }

    /// `nil` when there is nothing to remove.
    private func change(_ path: String, _ content: String?, at commit: CommitID, in repository: RepositoryReference)
        async throws(ForgeError) -> JSONValue?
    {
        guard let encoded = FilePath.encode(path) else { throw .refused(resource: "file", reason: "no repository holds such a path") }
        let call = ForgeCall(.get, self.path(repository, "contents/\(encoded)"), query: [(name: "ref", value: commit.hex)])
        let response = try await api.deliver(call)
        guard response.status == 200 || response.status == 404 else { throw api.refusal(of: call, response) }
        let old = response.status == 404 ? nil : try api.decode(GitHubObjectWire.self, of: call, response).sha
        var change: [String: JSONValue] = ["path": .string(path)]
        if let old { change["sha"] = .string(old.hex) }
        if let content {
            change["operation"] = old == nil ? "create" : "update"
            change["content"] = .string(Data(content.utf8).base64EncodedString())
        } else {
            guard old != nil else { return nil }
            change["operation"] = "delete"
        }
        return .object(change)
    }

    package func openPullRequest(in repository: RepositoryReference, _ draft: PullRequestDraft) async throws(ForgeError) -> Int {
        let title = draft.isDraft ? "WIP: " + draft.title.text : draft.title.text
        let body: JSONValue = [
            "title": .string(title), "body": .string(draft.body.text), "head": .string(draft.head), "base": .string(draft.base),
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
        let query = Self.fullPage + [(name: "state", value: "open")]
        let open = try await api.pages(GiteaPullRequestHeadWire.self, ForgeCall(.get, path(repository, "pulls"), query: query)).elements
        return open.filter { $0.head.ref == branch && $0.head.repo?.fullName.name == repository.name }.map(\.number.value)
    }
}

struct GiteaBranchWire: Decodable {
    struct Commit: Decodable {
        let id: CommitID
    }

    let commit: Commit
}

struct GiteaFilesWire: Decodable {
    let commit: GitHubObjectWire
}

struct GiteaPullRequestHeadWire: Decodable {
    let number: ItemNumber
    let head: GiteaPullRequestWire.End
}
