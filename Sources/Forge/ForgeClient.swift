package import Basics

/// What every forge must do for a review. Further abilities are protocols of their own, one file each.
///
/// Contract, kept by the conformance suite over all implementations: every page is read; a rate limit is waited for within
/// the call's patience or thrown as `ForgeError.rateLimited`; a write whose answer was lost throws `ForgeError.ambiguous`
/// and is not sent again by the client.
package protocol ForgeClient: PullRequestReader, CommentWriter, ReviewWriter, CheckReporter {
    var kind: ForgeKind { get }
    /// Root of the pages people open, without a trailing slash.
    var site: String { get }
}

package protocol PullRequestReader: Sendable {
    func pullRequest(_ reference: PullRequestReference) async throws(ForgeError) -> PullRequest
    func changedFiles(of reference: PullRequestReference) async throws(ForgeError) -> ChangedFiles
    /// The file's bytes at a revision; `nil` when it does not exist there. Files over `limit` throw `ForgeError.tooLarge`.
    func file(_ path: String, at commit: CommitID, in repository: RepositoryReference, limit: ByteCount) async throws(ForgeError)
        -> [UInt8]?
    func comments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeComment]
    func reviewComments(on reference: PullRequestReference) async throws(ForgeError) -> [ForgeReviewComment]
}

package protocol CommentWriter: Sendable {
    /// The new comment's id.
    func createComment(on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError) -> Int64
    func updateComment(_ id: Int64, on reference: PullRequestReference, _ body: PublishableText) async throws(ForgeError)
}

package protocol ReviewWriter: Sendable {
    /// Whether the forge would take a comment there is decided before, by `CommentableLines`; GitHub refuses the whole review
    /// for one bad comment (`ForgeError.refused`), Gitea checks nothing.
    func createReview(on reference: PullRequestReference, _ draft: ReviewDraft) async throws(ForgeError) -> Int64
}

package protocol CheckReporter: Sendable {
    /// The new check's id.
    func createCheck(in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) -> Int64
    func updateCheck(_ id: Int64, in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError)
    /// Checks of ours on a commit with this external id: for probing after a lost answer.
    func checks(on commit: CommitID, in repository: RepositoryReference, externalID: String) async throws(ForgeError) -> [Int64]
}

/// Hands out the client that may act on a repository (for a GitHub App: with that installation's token).
package protocol ForgeAccess: Sendable {
    func client(for repository: RepositoryReference) async throws(ForgeError) -> any ForgeClient
}

package enum ForgeError: Error, Sendable, Hashable {
    case unreachable(host: String, reason: String)
    case unauthorized(host: String, reason: String)
    /// A permission is missing. `needs` is the forge's own wording where it gives one, e.g. `checks=write`.
    case forbidden(resource: String, needs: String?)
    case notFound(resource: String)
    case rateLimited(retryAfter: Duration)
    /// 409 or 422: understood and refused.
    case refused(resource: String, reason: String)
    case tooLarge(resource: String, limit: Int)
    /// 5xx. For a write it may or may not have happened: see `ambiguous`.
    case serverFailed(host: String, status: Int)
    /// A write was sent and its answer lost. Look for its marker before sending again.
    case ambiguous(resource: String, reason: String)
    case malformedReply(resource: String, reason: String)
    case cancelled

    /// The same call may succeed later without anybody changing anything.
    package var mayPass: Bool {
        switch self {
        case .unreachable, .rateLimited, .serverFailed, .ambiguous: true
        case .unauthorized, .forbidden, .notFound, .refused, .tooLarge, .malformedReply, .cancelled: false
        }
    }
}
