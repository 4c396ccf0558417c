/// A decision with its reasons, as a tree: the parts say how the whole came about.
package struct Verdict: Sendable, Hashable, Codable {
    package enum Decision: String, Sendable, Hashable, Codable {
        case allowed, denied
        /// The rule had nothing to say here.
        case skipped
    }

    package let decision: Decision
    /// A sentence for people; our own words only.
    package let because: String
    package let parts: [Verdict]

    package init(_ decision: Decision, because: String, parts: [Verdict] = []) {
        self.decision = decision
        self.because = because
        self.parts = parts
    }

    /// Allowed when no part is denied. Denied parts give the reason.
    package static func all(_ parts: [Verdict]) -> Verdict {
        let denied = parts.filter { $0.decision == .denied }
        if denied.isEmpty { return Verdict(.allowed, because: "nothing speaks against it", parts: parts) }
        return Verdict(.denied, because: denied.map(\.because).joined(separator: "; "), parts: parts)
    }

    package var isAllowed: Bool { decision == .allowed }

    /// The tree as indented lines.
    package var explanation: String { lines(depth: 0).joined(separator: "\n") }

    private func lines(depth: Int) -> [String] {
        let own = String(repeating: "  ", count: depth) + "\(decision.rawValue): \(because)"
        return [own] + parts.flatMap { $0.lines(depth: depth + 1) }
    }
}
