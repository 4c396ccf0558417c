import Basics

/// What became of the findings of earlier pushes that this run did not find again.
struct PreviousOutcome: Sendable {
    /// Their code is gone from the change.
    var fixed: [RememberedFinding] = []
    /// Their code is there as it was: what was said about it stands, although nobody said it again.
    var kept: [RememberedFinding] = []

    static let none = PreviousOutcome()

    private init() {}

    init(_ previous: PreviousReview, recognised: [PreviousReview.Recognised], in change: Change) {
        let again = Set(recognised.compactMap(\.fingerprint))
        var told: Set<Fingerprint> = []
        for finding in previous.remembered where finding.state == .posted && !again.contains(finding.fingerprint) {
            guard !previous.dismissed.contains(finding.fingerprint), told.insert(finding.fingerprint).inserted else { continue }
            if finding.isStillThere(in: change) { kept.append(finding) } else { fixed.append(finding) }
        }
        // A forge that gave a part of the change only cannot tell what is gone.
        if !change.isWhole { (fixed, kept) = ([], kept + fixed) }
    }
}
