/// What earlier runs on the same pull request left behind.
package struct PreviousReview: Sendable, Hashable, Codable {
    /// Findings whose comments stand on the forge.
    package var posted: Set<Fingerprint>
    /// Findings that somebody does not want to hear of again.
    package var dismissed: Set<Fingerprint>

    /// What the database remembers beyond fingerprints: the second look, for findings said in other words.
    package var remembered: [RememberedFinding]

    package init(posted: Set<Fingerprint> = [], dismissed: Set<Fingerprint> = [], remembered: [RememberedFinding] = []) {
        self.posted = posted
        self.dismissed = dismissed
        self.remembered = remembered
    }

    /// What is known of a finding: by fingerprint first, then by resemblance.
    package func state(of placement: Placement) -> RememberedFinding.State? {
        if dismissed.contains(placement.fingerprint) { return .dismissed }
        if posted.contains(placement.fingerprint) { return .posted }
        if let known = remembered.first(where: { $0.fingerprint == placement.fingerprint }) { return known.state }
        return remembered.first { $0.resembles(placement) }?.state
    }
}
