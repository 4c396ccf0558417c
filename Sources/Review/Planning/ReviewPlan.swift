package import Forge

/// Everything one run publishes: at most one review, one summary, one check.
package struct ReviewPlan: Sendable {
    /// `nil` when there is no new comment to make: silence is a valid review.
    package let review: ReviewDraft?
    /// Findings that belong to a file as a whole and weigh enough for a comment there, where the forge has such comments. The most
    /// severe first.
    package var fileComments: [FileComment]
    /// For the one comment that is edited in place.
    package let summary: PublishableText
    package let check: CheckDraft
    /// With the dispositions after looking at earlier runs.
    package let placements: [Placement]
    /// Findings of earlier pushes whose code is gone.
    package let fixed: [RememberedFinding]

    package struct FileComment: Sendable, Hashable {
        package let path: String
        package let body: PublishableText
        package let fingerprint: Fingerprint
    }

    package var ledger: Ledger { Ledger(placements) }
}
