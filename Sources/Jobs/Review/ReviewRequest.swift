import Basics
package import Forge

/// What a review job is asked: which pull request, and whether to look again at a head already reviewed.
package struct ReviewRequest: Sendable, Hashable, Codable {
    package static let kind = "review"

    package let pullRequest: PullRequestReference
    /// Somebody asked for it: reviewed heads, drafts and pauses do not stop it.
    package let isAskedFor: Bool

    package init(pullRequest: PullRequestReference, isAskedFor: Bool) {
        self.pullRequest = pullRequest
        self.isAskedFor = isAskedFor
    }

    /// The job that does it: one at a time for each pull request, a newer one in place of older ones.
    package var job: JobRequest {
        JobRequest(
            kind: Self.kind, lane: .review, payload: JSONValue(encoding: self), concurrencyKey: Self.concurrencyKey(pullRequest),
            supersedesOlder: true, maxAttempts: JobRequest.outlastingOutage)
    }

    package static func concurrencyKey(_ pullRequest: PullRequestReference) -> String {
        pullRequest.key
    }
}
