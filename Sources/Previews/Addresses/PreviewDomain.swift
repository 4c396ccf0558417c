import Forge

/// The operator's domain for previews, with a wildcard record that points to the ingress: `pr-5.demo.previews.example.com`.
package struct PreviewDomain: Sendable, Hashable {
    package let name: String

    /// `nil` unless it is a host name of letters, digits, hyphens and dots, at most 150 characters.
    package init?(_ text: String) {
        let labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
        }
        guard isName, text.utf8.count <= 150 else { return nil }
        name = text.lowercased()
    }

    /// `pr-N.<repo>.<domain>`. Two owners with repositories of one name need two domains.
    package func host(of preview: PreviewIdentity) -> String {
        "pr-\(preview.number).\(PreviewIdentity.label(of: preview.repository.name, limit: 63)).\(name)"
    }
}
