import Basics
import Forge
import Review

/// Marks of one pull request's review: written into what we publish, recognised when we read it again.
///
/// With a key of the database they are signed, so that a mark copied from another place counts for nothing. Without one (in CI) the
/// author alone decides. Either way only objects that our own identity wrote are looked at.
struct ReviewMarks: Sendable {
    private let marker: EffectMarker?
    private let pullRequest: String

    init(marker: EffectMarker?, pullRequest: PullRequestReference) {
        self.marker = marker
        self.pullRequest = ReviewRequest.concurrencyKey(pullRequest)
    }

    /// The whole text of a mark, for `ReviewPlanner`.
    func sign(_ name: String) -> String {
        guard let marker else { return name }
        return "\(name) \(marker.code(for: "\(pullRequest) \(name)"))"
    }

    func isSummary(_ comment: ForgeComment) -> Bool { comment.isOurs && holds(ReviewMarker.summary, comment.body) }

    /// Findings our comments already tell.
    func posted(in comments: [ForgeReviewComment]) -> Set<Fingerprint> {
        var posted: Set<Fingerprint> = []
        for comment in comments where comment.isOurs {
            for fingerprint in ReviewMarker.fingerprints(in: comment.body) where holds(ReviewMarker.finding(fingerprint), comment.body) {
                posted.insert(fingerprint)
            }
        }
        return posted
    }

    /// The finding that a thread is about: the mark of its first comment of ours.
    func finding(in thread: [ForgeReviewComment]) -> Fingerprint? {
        for comment in thread where comment.isOurs {
            if let fingerprint = posted(in: [comment]).first { return fingerprint }
        }
        return nil
    }

    private func holds(_ name: String, _ body: UntrustedText) -> Bool { body.raw.contains("<!-- \(sign(name)) -->") }
}
