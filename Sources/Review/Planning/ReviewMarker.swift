package import Basics

/// The hidden marks in what we publish, by which a later run knows it again.
///
/// The text is a plain key such as `fettle finding=0123456789abcdef`; whoever publishes adds a signature and checks it when
/// reading. Marks count only on objects that our own identity wrote.
package enum ReviewMarker {
    package static let summary = "fettle summary"

    package static func finding(_ fingerprint: Fingerprint) -> String { "fettle finding=\(fingerprint)" }

    /// The fingerprints marked at the end of a comment's body: one, or none. Only there: what stands before it may quote anything.
    package static func fingerprints(in body: UntrustedText) -> [Fingerprint] {
        let key = "<!-- fettle finding="
        guard let line = lastLine(body), line.hasPrefix(key) else { return [] }
        return Fingerprint(String(line.dropFirst(key.count).prefix(16))).map { [$0] } ?? []
    }

    package static func isSummary(_ body: UntrustedText) -> Bool { lastLine(body)?.hasPrefix("<!-- \(summary)") ?? false }

    private static func lastLine(_ body: UntrustedText) -> String? { body.raw.textLines.last { !NormalizedCode.isBlank($0) } }
}
