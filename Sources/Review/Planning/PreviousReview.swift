/// What earlier runs on the same pull request left behind.
package struct PreviousReview: Sendable, Hashable {
    /// Findings whose comments stand on the forge.
    package var posted: Set<Fingerprint>
    /// Findings that somebody does not want to hear of again.
    package var dismissed: Set<Fingerprint>

    package init(posted: Set<Fingerprint> = [], dismissed: Set<Fingerprint> = []) {
        self.posted = posted
        self.dismissed = dismissed
    }
}
