/// A tag that names a whole released version, e.g. `v4.1.2` or `2.37.0`; moving tags (`v4`) and previews are none.
package struct ReleaseTag: Sendable, Equatable, Comparable {
    package let text: String
    private let numbers: [Int]

    package init?(_ text: String) {
        let bare = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ (1...9).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else {
            return nil
        }
        self.text = text
        numbers = parts.compactMap { Int($0) }
    }

    package static func < (a: ReleaseTag, b: ReleaseTag) -> Bool {
        a.numbers == b.numbers ? a.text < b.text : a.numbers.lexicographicallyPrecedes(b.numbers)
    }

    /// The commit that tag `name` stands for, called by the whole version that names the same commit when there is one.
    package static func pin(named name: String, among tags: [(name: String, commit: String)]) -> ActionPin? {
        guard let commit = tags.first(where: { $0.name == name })?.commit else { return nil }
        let release = tags.filter { $0.commit == commit }.compactMap { ReleaseTag($0.name) }.max()
        return ActionPin(tag: release?.text ?? name, commit: commit)
    }

    /// The newest release among the tags of a repository.
    package static func newest(of tags: [(name: String, commit: String)]) -> ActionPin? {
        let releases = tags.compactMap { tag in ReleaseTag(tag.name).map { (release: $0, commit: tag.commit) } }
        guard let best = releases.max(by: { $0.release < $1.release }) else { return nil }
        return ActionPin(tag: best.release.text, commit: best.commit)
    }
}
