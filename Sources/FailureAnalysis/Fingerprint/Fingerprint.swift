internal import Crypto

/// What stays the same when the same thing breaks again, whatever the clock, the machine, the order or the CI server.
package struct Fingerprint: Sendable, Hashable, Codable {
    /// 32 hex digits. The first byte of what is hashed names the version of the rules.
    package let hex: String
    package let failureClass: FailureClass
    /// The lines it rests on, in the order of the log; at most `Excerpt.mostRanges`.
    package let evidence: [ClosedRange<Int>]

    /// - Parameter lines: masked, in any order; equal sets have equal fingerprints.
    init(lines: Set<String>, failureClass: FailureClass, evidence: [ClosedRange<Int>]) {
        let text = "1\n" + lines.sorted().joined(separator: "\n")
        hex = String(SHA256.hex(of: text).prefix(32))
        self.failureClass = failureClass
        self.evidence = evidence
    }

    private init(hex: String, failureClass: FailureClass, evidence: [ClosedRange<Int>]) {
        self.hex = hex
        self.failureClass = failureClass
        self.evidence = evidence
    }

    /// The same cause, classed by more than its log.
    func classed(_ failureClass: FailureClass) -> Fingerprint { Fingerprint(hex: hex, failureClass: failureClass, evidence: evidence) }
}
