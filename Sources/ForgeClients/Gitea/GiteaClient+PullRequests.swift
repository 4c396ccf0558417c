package import Basics
package import Forge
import HTTP
import Text

extension GiteaClient {
    package func pullRequest(_ reference: PullRequestReference) async throws(ForgeError) -> PullRequest {
        let call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number)"))
        return try await api.read(GiteaPullRequestWire.self, call).pullRequest(reference)
    }

    /// From the diff itself: the file list has no patches, and before 1.18 there is none.
    package func changedFiles(of reference: PullRequestReference) async throws(ForgeError) -> ChangedFiles {
        var call = ForgeCall(.get, path(reference.repository, "pulls/\(reference.number).diff"))
        call.accept = "text/plain"
        let diff = UnifiedDiff(parsing: try await api.send(call).body)
        let isCut = diff.files.contains { $0.content == .cutOff }
        return ChangedFiles(files: diff.files.map { $0.changedFile }, isTruncated: isCut)
    }

    package func file(_ path: String, at commit: CommitID, in repository: RepositoryReference, limit: ByteCount)
        async throws(ForgeError) -> [UInt8]?
    {
        guard let encoded = FilePath.encode(path) else { return nil }
        var call = ForgeCall(.get, self.path(repository, "raw/\(encoded)"), query: [(name: "ref", value: commit.hex)])
        call.accept = "*/*"
        call.limit = limit
        let response = try await api.deliver(call)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw api.refusal(of: call, response) }
        guard response.body.count <= limit.bytes else { throw .tooLarge(resource: call.subject, limit: limit.bytes) }
        return response.body
    }
}

extension FileDiff {
    fileprivate var changedFile: ChangedFile {
        let status: ChangedFile.Status =
            switch change {
            case .added: .added
            case .removed: .removed
            case .modified: .modified
            case .renamed: .renamed
            case .copied: .copied
            }
        let moved = change == .renamed || change == .copied
        return ChangedFile(
            path: path, previousPath: moved ? oldPath : nil, status: status, additions: addedLineCount, deletions: removedLineCount,
            patch: hunks.isEmpty ? nil : UntrustedText(hunks.map(\.patchText).joined(separator: "\n")))
    }
}

extension Hunk {
    /// The hunk as it came, so that Gitea's files read like GitHub's.
    fileprivate var patchText: String {
        let opening = section.isEmpty ? "" : " " + section.raw
        let header = "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@\(opening)"
        return ([header] + lines.map(\.patchText)).joined(separator: "\n")
    }
}

extension DiffLine {
    fileprivate var patchText: String {
        let sign =
            switch kind {
            case .added: "+"
            case .removed: "-"
            case .context: " "
            }
        return sign + text.raw + (hasCarriageReturn ? "\r" : "") + (hasNewline ? "" : "\n\\ No newline at end of file")
    }
}

struct GiteaPullRequestWire: Decodable {
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
    let user: GiteaAccountWire?
    let state: String
    let merged: Bool?
    let draft: Bool?
    let labels: [Label]?
    let head: End
    let base: End
    let changedFiles: Int?

    enum CodingKeys: String, CodingKey {
        case title, body, user, state, merged, draft, labels, head, base
        case changedFiles = "changed_files"
    }

    func pullRequest(_ reference: PullRequestReference) -> PullRequest {
        PullRequest(
            reference: reference, title: UntrustedText(title), body: UntrustedText(body ?? ""), author: user.orGhost,
            state: merged == true ? .merged : state == "open" ? .open : .closed, isDraft: draft ?? GiteaDraft.isMarked(title),
            labels: (labels ?? []).map { UntrustedText($0.name) }, head: head.end, base: base.end, changedFileCount: changedFiles)
    }
}
