import Basics
import Forge
import Review

/// Posts the comments of a plan. A forge that refuses one comment refuses the whole review and does not say which: then it is looked for
/// by halves, the good ones are posted, and the bad ones are told with their file or in the summary.
struct ReviewPosting: Sendable {
    /// Reviews tried beyond the first; what is still unclear then counts as refused.
    private static let mostTries = 12

    let publication: ReviewPublication

    /// The findings whose comments the forge would not take, with its reason.
    func post(_ draft: ReviewDraft) async throws -> [Fingerprint: String] {
        var refused: [Fingerprint: String] = [:]
        var tries = 0
        var waiting = [draft.comments[...]]
        while let comments = waiting.popLast() {
            let part = ReviewDraft(commit: draft.commit, body: draft.body, comments: Array(comments))
            do {
                guard tries <= Self.mostTries else {
                    throw ForgeError.refused(resource: "review", reason: "too many comments were refused")
                }
                tries += 1
                let isWhole = comments.count == draft.comments.count
                try await publication.post(part, part: isWhole ? "" : " \(comments.startIndex)..<\(comments.endIndex)")
            } catch ForgeError.refused(_, let reason) {
                guard comments.count > 1, tries <= Self.mostTries else {
                    for comment in comments { Self.fingerprints(comment).forEach { refused[$0] = reason } }
                    continue
                }
                let middle = comments.startIndex + comments.count / 2
                // The first half is tried first: comments stay in their order.
                waiting += [comments[middle...], comments[..<middle]]
            }
        }
        return refused
    }

    /// Findings of a draft that are not posted, with the reason.
    static func all(of draft: ReviewDraft, except posted: Set<Fingerprint>, because reason: String) -> [Fingerprint: String] {
        let found = draft.comments.flatMap(fingerprints).filter { !posted.contains($0) }
        return Dictionary(found.map { ($0, reason) }) { first, _ in first }
    }

    private static func fingerprints(_ comment: ReviewDraft.Comment) -> [Fingerprint] {
        ReviewMarker.fingerprints(in: UntrustedText(comment.body.text))
    }
}
