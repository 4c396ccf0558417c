package import Basics

/// Who owns which files, by a CODEOWNERS file: of the patterns that match, the last one counts.
///
/// Source: docs.github.com "About code owners"; Gitea's own form with regular expressions is not read.
package struct CodeOwners: Sendable, Hashable {
    /// Where it may lie, the first that exists counts.
    package static let places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"]

    private static let mostRules = 5000

    private struct Rule: Sendable, Hashable {
        let pattern: [String]
        let isAnchored: Bool
        let isFolder: Bool
        let owners: [UntrustedText]
    }

    private let rules: [Rule]

    package init(_ text: UntrustedText) {
        var rules: [Rule] = []
        for line in text.raw.split(whereSeparator: \.isNewline) where rules.count < Self.mostRules {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let first = words.first, first.utf8.count <= 300 else { continue }
            let parts = first.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
            // A slash at the start or in the middle binds a pattern to the root.
            let isAnchored = first.hasPrefix("/") || parts.count > 1
            let rule = Rule(
                pattern: parts, isAnchored: isAnchored, isFolder: first.hasSuffix("/"),
                owners: words.dropFirst().map { UntrustedText(String($0)) })
            if !parts.isEmpty { rules.append(rule) }
        }
        self.rules = rules
    }

    /// Empty when nobody owns it.
    package func owners(of path: String) -> [UntrustedText] {
        let parts = path.split(separator: "/").map(String.init)
        return rules.last { Self.matches($0, parts) }?.owners ?? []
    }

    private static func matches(_ rule: Rule, _ path: [String]) -> Bool {
        let starts = rule.isAnchored ? [0] : Array(path.indices)
        return starts.contains { matches(rule.pattern[...], path[$0...], isFolder: rule.isFolder) }
    }

    /// A pattern that ends inside the path names a folder, and so all beneath it; `docs/*` names only what lies right in it.
    private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>, isFolder: Bool) -> Bool {
        guard let first = pattern.first else { return isFolder ? !path.isEmpty : true }
        if first == "**" {
            let rest = pattern.dropFirst()
            if rest.isEmpty { return true }
            return path.indices.contains { matches(rest, path[$0...], isFolder: isFolder) }
        }
        guard let part = path.first, glob(Array(first.utf8)[...], Array(part.utf8)[...]) else { return false }
        if pattern.count == 1, first.contains("*"), !isFolder { return path.count == 1 }
        return matches(pattern.dropFirst(), path.dropFirst(), isFolder: isFolder)
    }

    /// `*` and `?` within one name; without going back more than to the last star.
    private static func glob(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var retry: (pattern: Int, text: Int)?
        while t < text.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, t)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
                (p, t) = (p + 1, t + 1)
            } else if let last = retry {
                retry = (last.pattern, last.text + 1)
                (p, t) = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
