import Basics
import Text

/// The names a change shows, to see whether a finding speaks of code that is there.
///
/// A model that remembers another code base names functions of that one. A finding is doubted only when it names code and the change
/// shows not one of its names: a review may well propose a name that nobody has used yet.
struct NamedSymbols: Sendable {
    private let known: Set<String>

    init(_ change: Change) {
        var known: Set<String> = []
        var texts = [change.title.raw, change.body.raw] + change.linkedIssues.flatMap { [$0.title.raw, $0.body.raw] }
        for file in change.files {
            texts += [file.path, file.diff.oldPath?.raw ?? "", file.headText?.raw ?? ""]
            for hunk in file.diff.hunks { texts += [hunk.section.raw] + hunk.lines.map(\.text.raw) }
        }
        for text in texts { Self.collect(text.utf8, into: &known) }
        self.known = known
    }

    /// A name the finding claims something about, when the change shows none of the names in it. `nil`: nothing to doubt.
    func unknown(in finding: Finding) -> String? {
        let mentions = Self.mentions(in: finding.title.raw, alsoBare: true) + Self.mentions(in: finding.body.raw, alsoBare: false)
        let isKnown = mentions.contains { mention in
            var names: Set<String> = []
            Self.collect(mention.text.utf8, into: &names)
            return !names.isDisjoint(with: known)
        }
        if isKnown { return nil }
        var proposed: Set<String> = []
        Self.collect((finding.suggestion?.raw ?? "").utf8, into: &proposed)
        return mentions.first { $0.isClaim && !proposed.contains(Self.base($0.text)) }?.text
    }

    // MARK: Reading prose

    private struct Mention {
        let text: String
        /// A name of somebody's own making, and not one that is proposed.
        let isClaim: Bool
    }

    private static let proposing: Set<String> = [
        "use", "using", "uses", "with", "via", "call", "calling", "prefer", "add", "adding", "consider", "import", "throw", "throws",
        "raise", "raises", "raising", "like", "missing", "add:", "no", "without", "e.g.", "as",
    ]

    private static func mentions(in prose: String, alsoBare: Bool) -> [Mention] {
        var mentions: [Mention] = []
        var before = ""
        for (index, part) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                if part.utf8.count <= 200 {
                    mentions.append(Mention(text: String(part), isClaim: isName(part) && !isProposed(after: before)))
                }
                continue
            }
            before = String(part)
            guard alsoBare else { continue }
            var previous = ""
            for word in part.split(whereSeparator: \.isWhitespace) {
                let bare = word.drop { !$0.isLetter && $0 != "_" }
                let name = bare[
                    ..<(bare.lastIndex { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ")" }.map(bare.index(after:)) ?? bare.startIndex)]
                if isName(name) { mentions.append(Mention(text: String(name), isClaim: !isProposed(after: previous))) }
                previous = String(word)
            }
        }
        return mentions
    }

    private static func isProposed(after prose: String) -> Bool {
        guard let last = prose.split(whereSeparator: \.isWhitespace).last else { return false }
        return proposing.contains(last.lowercased())
    }

    /// `snake_case`, `camelCase`, `call()`: what nobody writes by chance. Kinds of errors are not claimed to be in the code.
    private static func isName(_ text: Substring) -> Bool {
        let base = base(String(text))
        guard base.utf8.count >= 4, base.utf8.allSatisfy(isIdentifier) else { return false }
        if ["Error", "Exception", "Warning"].contains(where: base.hasSuffix) { return false }
        let inner = base.dropFirst()
        let isCamel = zip(base, inner).contains { $0.isLowercase && $1.isUppercase }
        return inner.dropLast().contains("_") || isCamel || text.hasSuffix("()")
    }

    /// The last part of a path of names, without its call.
    private static func base(_ text: String) -> String {
        let name = text.prefix { $0 != "(" }
        return String(name.split { ".:>-#".contains($0) }.last ?? "")
    }

    private static func collect(_ bytes: some Collection<UInt8>, into names: inout Set<String>) {
        for word in bytes.split(whereSeparator: { !isIdentifier($0) }) where word.count >= 3 {
            names.insert(String(decoding: word, as: UTF8.self))
        }
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "$"), 128...: true
        default: false
        }
    }
}
