package import Basics
package import Forge
import HTTP

extension GitHubClient {
    package func pullRequest(_ reference: PullRequestReference) async throws(ForgeError) -> PullRequest {
        let wire = try await api.read(
            GitHubPullRequestWire.self, ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)")))
        return wire.pullRequest(reference)
    }

    /// GitHub lists the first 3,000 files. Source: docs.github.com/rest/pulls/pulls, "List pull requests files"
    package func changedFiles(of reference: PullRequestReference) async throws(ForgeError) -> ChangedFiles {
        let call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)/files"), query: Self.fullPage)
        let list = try await api.pages(GitHubChangedFileWire.self, call, most: 3000)
        return ChangedFiles(files: list.elements.map(\.file), isTruncated: !list.isComplete || list.elements.count >= 3000)
    }

    /// Directories and submodules are no files: `nil`. Source: docs.github.com/rest/repos/contents, "Get repository content"
    package func file(_ path: String, at commit: CommitID, in repository: RepositoryReference, limit: ByteCount)
        async throws(ForgeError) -> [UInt8]?
    {
        guard let encoded = FilePath.encode(path) else { return nil }
        var call = ForgeCall(.get, self.path(repository, "contents/\(encoded)"), query: [(name: "ref", value: commit.hex)])
        call.accept = "application/vnd.github.raw+json"
        call.limit = limit
        let response = try await api.deliver(call)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw api.refusal(of: call, response) }
        guard response.body.count <= limit.bytes else { throw .tooLarge(resource: call.subject, limit: limit.bytes) }
        let type = response.headers["Content-Type"] ?? ""
        return type.hasPrefix("application/json") ? nil : response.body
    }
}

struct GitHubPullRequestWire: Decodable {
    struct End: Decodable {
        let sha: CommitID
        let ref: String
        let repo: GitHubRepositoryWire?

        var end: PullRequest.End {
            PullRequest.End(commit: sha, branch: UntrustedText(ref), repository: repo?.fullName.name)
        }
    }

    struct Label: Decodable {
        let name: String
    }

    let title: String
    let body: String?
    let user: GitHubAccountWire?
    let state: String
    let mergedAt: String?
    let merged: Bool?
    let draft: Bool?
    let labels: [Label]?
    let head: End
    let base: End
    let changedFiles: Int?
    let comments: Int?
    let reviewComments: Int?

    enum CodingKeys: String, CodingKey {
        case title, body, user, state, merged, draft, labels, head, base, comments
        case reviewComments = "review_comments"
        case mergedAt = "merged_at"
        case changedFiles = "changed_files"
    }

    func pullRequest(_ reference: PullRequestReference) -> PullRequest {
        let wasMerged = merged ?? (mergedAt != nil)
        return PullRequest(
            reference: reference, title: UntrustedText(title), body: UntrustedText(body ?? ""), author: user.orGhost,
            state: wasMerged ? .merged : state == "open" ? .open : .closed, isDraft: draft ?? false,
            labels: (labels ?? []).map { UntrustedText($0.name) }, head: head.end, base: base.end, changedFileCount: changedFiles,
            commentCount: comments, reviewCommentCount: reviewComments)
    }
}

struct GitHubChangedFileWire: Decodable {
    let filename: String
    let previousFilename: String?
    let status: String
    let additions: Int?
    let deletions: Int?
    let patch: String?

    enum CodingKeys: String, CodingKey {
        case filename, status, additions, deletions, patch
        case previousFilename = "previous_filename"
    }

    var file: ChangedFile {
        ChangedFile(
            path: UntrustedText(filename), previousPath: previousFilename.map { UntrustedText($0) },
            status: ChangedFile.Status(rawValue: status) ?? .changed, additions: additions ?? 0, deletions: deletions ?? 0,
            patch: patch.map { UntrustedText($0) })
    }
}
