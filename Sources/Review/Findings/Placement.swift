/// Where a finding is shown.
package enum Disposition: String, Sendable, Hashable, Codable, CaseIterable {
    /// As a comment on its lines.
    case inline
    /// With its file: in a comment on the whole file, or in the summary.
    case file
    /// In the summary.
    case summary
    /// Nowhere; the ledger counts it.
    case suppressed
}

/// A finding, the place that was found for it, and why it is shown there.
package struct Placement: Sendable, Hashable {
    package var finding: Finding
    package var anchor: Anchor
    package var disposition: Disposition
    /// A short sentence of ours.
    package var reason: String
    package var fingerprint: Fingerprint
    /// The path of the file it belongs to, as the change names it.
    package var path: String
    /// The anchored lines without blanks, joined: what the memory knows a place by.
    package var code: String
    /// The suggestion replaces exactly the anchored lines, so the reader may commit it with one click.
    package var isCommittable: Bool

    package init(
        finding: Finding, anchor: Anchor, disposition: Disposition, reason: String, fingerprint: Fingerprint, path: String = "",
        code: String = "", isCommittable: Bool = false
    ) {
        self.finding = finding
        self.anchor = anchor
        self.disposition = disposition
        self.reason = reason
        self.fingerprint = fingerprint
        self.path = path
        self.code = code
        self.isCommittable = isCommittable
    }
}

/// Every finding is in exactly one column: `found == posted + demoted + suppressed`.
package struct Ledger: Sendable, Hashable {
    package let found: Int
    /// On its lines.
    package let posted: Int
    /// Shown, but with its file or in the summary.
    package let demoted: Int
    package let suppressed: Int

    package init(_ placements: [Placement]) {
        found = placements.count
        posted = placements.count(where: { $0.disposition == .inline })
        demoted = placements.count(where: { $0.disposition == .file || $0.disposition == .summary })
        suppressed = placements.count(where: { $0.disposition == .suppressed })
    }
}
