/// Hostile Markdown made of the pieces that matter to a reader of Markdown, at random.
package struct EvilText {
    package static let pieces = [
        "@everyone", "@org/team", "\\@bob", "&#64;eve", "&commat;eve", "fixes #1", "Closes: owner/repo#12", "resolves GH-7", "gh\\-8",
        "fixes https://github.com/o/r/issues/3", "<b>", "<script>alert(1)</script>", "<!-- x -->", "![i](http://e.vil/p.png)",
        "[t](javascript:x)",
        "[t][r]", "[r]: http://e.vil", "http://e.vil", "https://docs.github.com/x", "https://docs.github.com@e.vil", "www.e.vil", "`", "``",
        "```", "~~~",
        "````", "```suggestion", "```mermaid", "`code @x`", "`` a`b ``", "\\", "\\\\", "\\`", "|", "|---|---|", ":--", "$x$", "> ", "- ",
        "1. ", "    ", "\t", "\n",
        "\n\n", "\n```\n", "\n~~~\n", "# ", "/lgtm", "\n/approve\n", "\u{200B}", "\u{202E}", "\u{E0041}", "\u{FE0F}", "\r\n", "\r", "a",
        "word", "C#7", "é", "日本", "&amp;",
        "&lt;", "&", "!", "[", "]", "(", ")", "*", "_", ":", ".", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "<",
        ">", "\"", "'", "mailto:a@b.c",
    ]

    package static func make(_ random: SeededRandom) -> String {
        (0..<(1 + random.below(14))).map { _ in pieces[random.below(pieces.count)] + (random.below(3) == 0 ? " " : "") }.joined()
    }
}

/// What a forge would act upon in a published text, by a reader written apart from the code under test: fences in column 0 and
/// spans within a line are code, everything else is prose.
package struct Actions {
    package private(set) var found: [String] = []

    package init(in text: String) {
        var fence: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = line.prefix { $0 == "`" }.count
            if let open = fence {
                if ticks >= open, line.dropFirst(ticks).allSatisfy(\.isWhitespace) { fence = nil }
            } else if ticks >= 3, !line.dropFirst(ticks).contains("`") {
                fence = ticks
                let language = String(line.dropFirst(ticks))
                if ["suggestion", "mermaid"].contains(language) { found.append("fence \(language)") }
            } else {
                prose(line)
            }
            if ["/lgtm", "/approve"].contains(line.split(whereSeparator: \.isWhitespace).first), line.hasPrefix("/") {
                found.append("command \(line)")
            }
        }
        if fence != nil { found.append("open fence") }
        for scalar in text.unicodeScalars
        where scalar.value >= 0xE0000 || (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || scalar.value == 0xFE0F
        {
            found.append("invisible \(scalar.value)")
        }
        if text.contains("ghp_abcdef") { found.append("secret") }
    }

    private mutating func prose(_ line: Substring) {
        var rest = Array(line)[...]
        var plain: [Character] = []
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.first, next.isASCII, next.isPunctuation || next.isSymbol {
                rest.removeFirst()
                if next == "@" || next == ":" { plain.append(next) } else { plain.append("\u{1}") }
            } else if character == "`" {
                let run = 1 + rest.prefix { $0 == "`" }.count
                rest = rest.dropFirst(run - 1)
                if !Self.skipSpan(&rest, run) { found.append("open span in: \(line)") }
                plain.append("\u{1}")
            } else {
                plain.append(character)
            }
        }
        check(["&lt;", "&gt;", "&amp;", "&#96;", "&#58;"].reduce(String(plain)) { $0.replacing($1, with: "\u{1}") })
    }

    private static func skipSpan(_ rest: inout ArraySlice<Character>, _ run: Int) -> Bool {
        while !rest.isEmpty {
            let ticks = rest.prefix { $0 == "`" }.count
            if ticks == run {
                rest = rest.dropFirst(ticks)
                return true
            }
            rest = rest.dropFirst(max(1, ticks))
        }
        return false
    }

    private mutating func check(_ prose: String) {
        for bad in ["@", "<", "![", "](", "//e.vil", "www.", "javascript:x)\u{0}", "&#64", "&commat", "|", "$"] where prose.contains(bad) {
            found.append("\(bad) in: \(prose)")
        }
        var previous: Character = " "
        for character in prose {
            if character.isASCII, character.isNumber, previous == "#" { found.append("reference in: \(prose)") }
            previous = character
        }
        if prose.lowercased().contains("gh-7") || prose.lowercased().contains("gh-8") || prose.contains("[") {
            found.append("reference or link: \(prose)")
        }
    }
}
