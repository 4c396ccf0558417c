import Basics
import Forge

/// How the image of a head is called: a name with gaps, filled in for each preview.
///
/// Nothing here builds images: the repository's own CI pushes one for every head, under this name.
package struct PreviewImage: Sendable, Hashable {
    package let template: String

    /// What CI pushes on a forge without an operator's word for it.
    package static let usual = "ghcr.io/{owner}/{repository}:pr-{number}-{sha}"
    private static let gaps = ["owner", "repository", "number", "sha", "short"]

    /// `nil` for a gap that is none of `{owner}`, `{repository}`, `{number}`, `{sha}` and `{short}`, and for what no image is called.
    package init?(_ template: String) {
        var rest = template
        for gap in Self.gaps { rest = rest.replacingExactly("{\(gap)}", with: "x1") }
        guard Self.isReference(rest) else { return nil }
        self.template = template
    }

    /// Names of images are lower-case, whatever the forge shows.
    func name(of order: PreviewOrder) -> String {
        let sha = order.commit?.hex ?? ""
        let values = [
            "owner": order.preview.repository.owner.lowercased(), "repository": order.preview.repository.name.lowercased(),
            "number": "\(order.preview.number)", "sha": sha, "short": String(sha.prefix(12)),
        ]
        return values.reduce(template) { $0.replacingExactly("{\($1.key)}", with: $1.value) }
    }

    /// Source: github.com/distribution/reference (the characters, not the whole grammar)
    static func isReference(_ text: String) -> Bool {
        guard (1...400).contains(text.utf8.count), let first = text.utf8.first, (48...57).contains(first) || (97...122).contains(first)
        else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._/:@".utf8.contains(byte)
        }
    }
}
