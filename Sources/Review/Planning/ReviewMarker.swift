package import Basics

/// The hidden marks in what we publish, by which a later run knows it again.
///
/// The text is a plain key such as `fettle finding=0123456789abcdef`; whoever publishes adds a signature and checks it when
/// reading. Marks count only on objects that our own identity wrote.
package enum ReviewMarker {
    package static let summary = "fettle summary"

    package static func finding(_ fingerprint: Fingerprint) -> String { "fettle finding=\(fingerprint)" }

    /// The fingerprints marked in a comment's body, in order.
    package static func fingerprints(in body: UntrustedText) -> [Fingerprint] {
        let key = "<!-- fettle finding="
        var result: [Fingerprint] = []
        var rest = body.raw[...]
        while let found = rest.firstRange(of: key) {
            rest = rest[found.upperBound...]
            if let fingerprint = Fingerprint(String(rest.prefix(16))) { result.append(fingerprint) }
        }
        return result
    }

    package static func isSummary(_ body: UntrustedText) -> Bool { body.raw.contains("<!-- \(summary)") }
}
