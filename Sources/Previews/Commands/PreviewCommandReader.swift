package import Basics

/// `/preview …` in a comment.
package enum PreviewCommandReader {
    package enum Reading: Sendable, Hashable {
        case command(PreviewCommand)
        /// Ours by its name, but not usable. The sentence is our own.
        case unusable(String)
    }

    /// What may be asked, for `/help`.
    package static let usages: [(usage: String, meaning: String)] = [
        ("/preview", "bring the preview up, or try a failed one again"), ("/preview stop", "take it down; pushes do not bring it back"),
        ("/preview extend 2d", "keep it longer"), ("/preview approve [SHA]", "let this head of a fork run"),
    ]

    /// Reads the first line that is not blank; `nil` when it does not begin with `/preview`.
    package static func read(_ body: UntrustedText) -> Reading? {
        let lines = body.raw.split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), line.hasPrefix("/") else { return nil }
        let words = line.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        guard words.first == "/preview" else { return nil }
        return read(arguments: Array(words.dropFirst()))
    }

    /// The words behind `/preview`.
    package static func read(arguments words: [String]) -> Reading {
        switch (words.first, words.dropFirst().first, words.count) {
        case (nil, _, _), ("start", nil, _): return .command(.start)
        case ("stop", nil, _): return .command(.stop)
        case ("approve", nil, _): return .command(.approve(prefix: ""))
        case ("approve", let sha?, 2):
            let isHex = sha.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
            if isHex, (7...64).contains(sha.utf8.count) { return .command(.approve(prefix: sha)) }
            return .unusable("`/preview approve` takes the commit's id, at least seven digits of it, or nothing.")
        case ("extend", let time?, 2):
            if let time = Seconds(time) { return .command(.extend(by: time.duration)) }
            return .unusable("`/preview extend` takes a time such as `90m`, `36h` or `2d`.")
        case ("extend", nil, _): return .unusable("`/preview extend` needs a time behind it, such as `2d`.")
        default: return .unusable("`/preview` takes nothing behind it, or `stop`, `extend 2d`, `approve`.")
        }
    }
}
