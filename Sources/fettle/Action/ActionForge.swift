import Basics
import Forge
import Synchronization

/// The forge as a step of a workflow sees it: reads go through; the check is the step itself, so its draft is kept for annotations and
/// summary; comments go through where the token may write, and are kept where it may not.
final class ActionForge: ForgeClient, ForgeAccess, FileCommenter {
    struct Kept: Sendable {
        var check: CheckDraft?
        var review: ReviewDraft?
        /// What the token lacks, when a comment was refused.
        var refusal: String?
    }

    let kind = ForgeKind.github
    var site: String { client.site }
    private let client: any ForgeClient
    private let mayComment: Bool
    private let state = Mutex(Kept())

    init(_ client: any ForgeClient, mayComment: Bool) {
        self.client = client
        self.mayComment = mayComment
    }

    var kept: Kept { state.withLock { $0 } }

    func client(for repository: RepositoryReference) async throws(ForgeError) -> any ForgeClient { self }

    // MARK: Reading

    func pullRequest(_ reference: PullRequestReference) async throws(ForgeError) -> PullRequest { try await client.pullRequest(reference) }
    func changedFiles(of reference: PullRequestReference) async throws(ForgeError) -> ChangedFiles {
        try await client.changedFiles(of: reference)
    }
    func file(
        _ path: String, at commit: CommitID, in repository: RepositoryReference, limit: ByteCount
    ) async throws(ForgeError) -> [UInt8]? {
        try await client.file(path, at: commit, in: repository, limit: limit)
    }
    func comments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeComment] {
        try await client.comments(on: reference)
    }
    func reviewComments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeReviewComment] {
        try await client.reviewComments(on: reference)
    }

    // MARK: Comments

    func createComment(on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError) -> Int64 {
        try await unlessReadOnly { () throws(ForgeError) in try await client.createComment(on: reference, body) }
    }

    func updateComment(_ id: Int64, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError) {
        _ = try await unlessReadOnly { () throws(ForgeError) in
            try await client.updateComment(id, on: reference, body)
            return id
        }
    }

    func createReview(on reference: PullRequestReference, _ draft: ReviewDraft) async throws(ForgeError) -> Int64 {
        state.withLock { $0.review = draft }
        return try await unlessReadOnly { () throws(ForgeError) in try await client.createReview(on: reference, draft) }
    }

    func createFileComment(on reference: PullRequestReference, commit: CommitID, path: String, _ body: PublishableText)
        async throws(ForgeError) -> Int64
    {
        guard let commenter = client as? any FileCommenter, mayComment, kept.refusal == nil else {
            throw .refused(resource: "file comment", reason: "this token may not comment")
        }
        return try await commenter.createFileComment(on: reference, commit: commit, path: path, body)
    }

    /// A token that turns out to be read-only (Dependabot's, or a workflow without `pull-requests: write`) is no failure of the review.
    private func unlessReadOnly(_ write: () async throws(ForgeError) -> Int64) async throws(ForgeError) -> Int64 {
        guard mayComment, kept.refusal == nil else { return 0 }
        do {
            return try await write()
        } catch .forbidden(let resource, let needs) {
            state.withLock { $0.refusal = needs ?? resource }
            return 0
        }
    }

    // MARK: The check

    func createCheck(in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) -> Int64 {
        state.withLock { $0.check = draft }
        return 1
    }

    func updateCheck(_ id: Int64, in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) {
        state.withLock { $0.check = draft }
    }

    func checks(on commit: CommitID, in repository: RepositoryReference, externalID: String) async throws(ForgeError) -> [Int64] { [] }
}
