/// Makes Markdown from outside inert: readable prose, code spans and fences, and nothing that acts.
///
/// Mentions, issue references, closing keywords' targets, foreign addresses and slash commands become code spans; `<`, `[`, `|`, `$`
/// and unmatched backticks are escaped, so there is no HTML, link, image, table or formula. Code spans never cross a line and
/// fences always start in column 0, because there the forges' Markdown and this reader cannot disagree about what is code.
/// Applying it twice gives the same text as once.
///
/// Sources: github.github.com/gfm (sections 4.5, 6.1, 6.9 and the autolink extension); docs.github.com "Linking a pull request
/// to an issue", "Autolinked references and URLs".
struct ProseHygiene {
    let links: LinkPolicy

    /// Languages whose fences a forge draws or acts upon.
    private static let actingLanguages: Set<String> = ["suggestion", "mermaid", "geojson", "topojson", "stl", "math"]

    /// A block of prose: no blank line at either end.
    func block(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var result: [String] = []
        while let line = lines.popFirst() {
            if let fence = FenceLine(opening: line) {
                let content = fence.takeContent(from: &lines)
                result.append(Self.fence(content.joined(separator: "\n"), language: fence.language))
            } else {
                result.append(prose(line))
            }
        }
        while result.first?.allSatisfy(\.isWhitespace) == true { result.removeFirst() }
        while result.last?.allSatisfy(\.isWhitespace) == true { result.removeLast() }
        return result.joined(separator: "\n")
    }

    /// Text for the middle of a line: a title, a cell, a name.
    func inline(_ text: String) -> String {
        let flat = text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        var scanner = ProseScanner(Array(flat.utf8), links: links)
        return scanner.run()
    }

    private func prose(_ line: Substring) -> String {
        var scanner = ProseScanner(Array(line.utf8), links: links)
        let text = scanner.run()
        return ProseScanner.isDelimiterRow(text) ? text.replacing(":", with: "&#58;") : text
    }

    /// A closed fence in column 0, longer than any run of backticks inside.
    static func fence(_ content: String, language: String) -> String {
        let longest = content.utf8.split(whereSeparator: { $0 != UInt8(ascii: "`") }).map(\.count).max() ?? 0
        let ticks = String(repeating: "`", count: max(3, longest + 1))
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false).map(withoutCommand)
        return ticks + cleanLanguage(language) + "\n" + lines.map { $0 + "\n" }.joined() + ticks
    }

    /// A code span in one line.
    static func span(_ content: String) -> String {
        let flat = content.split(whereSeparator: \.isNewline).joined(separator: " ")
        if flat.isEmpty { return "` `" }
        let runs = Set(flat.utf8.split(whereSeparator: { $0 != UInt8(ascii: "`") }).map(\.count))
        let ticks = String(repeating: "`", count: (1...9).first { !runs.contains($0) } ?? 10)
        let touches = flat.hasPrefix("`") || flat.hasSuffix("`") || flat.allSatisfy { $0 == " " }
        return touches ? "\(ticks) \(flat) \(ticks)" : ticks + flat + ticks
    }

    private static func cleanLanguage(_ language: String) -> String {
        let plain = language.utf8.allSatisfy { $0.isLetterOrDigit || "_+#.-".utf8.contains($0) }
        return plain && language.utf8.count <= 20 && !actingLanguages.contains(language.lowercased()) ? language : ""
    }

    /// Robots read `/lgtm` at the start of a raw line, also inside code: one blank moves it away.
    static func withoutCommand(_ line: Substring) -> String {
        let bytes = line.utf8.prefix(32)
        guard bytes.first == UInt8(ascii: "/") else { return String(line) }
        let rest = bytes.dropFirst().drop { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        let isWord = bytes.dropFirst().first?.isLetter == true && (rest.first.map(\.isBlank) ?? true)
        return isWord ? " " + line : String(line)
    }
}

/// A line that opens a fence.
struct FenceLine {
    let indent: Int
    let mark: Character
    let length: Int
    let language: String

    /// Any indentation: in a list it belongs to the item, and we set it in column 0 anyway.
    init?(opening line: Substring) {
        let body = line.drop { $0 == " " || $0 == "\t" }
        guard let mark = body.first, mark == "`" || mark == "~" else { return nil }
        let rest = body.drop { $0 == mark }
        length = body.count - rest.count
        guard length >= 3, mark == "~" || !rest.contains("`") else { return nil }
        self.mark = mark
        indent = line.count - body.count
        language = rest.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }

    /// The lines up to the closing fence or the end, with the fence's own indentation taken off.
    func takeContent(from lines: inout ArraySlice<Substring>) -> [Substring] {
        var content: [Substring] = []
        while let line = lines.popFirst(), !closes(line) {
            let blanks = line.prefix(indent).prefix { $0 == " " || $0 == "\t" }
            content.append(line.dropFirst(blanks.count))
        }
        return content
    }

    private func closes(_ line: Substring) -> Bool {
        let body = line.drop { $0 == " " || $0 == "\t" }
        guard line.count - body.count <= indent + 3 else { return false }
        let rest = body.drop { $0 == mark }
        return body.count - rest.count >= length && rest.allSatisfy { $0 == " " || $0 == "\t" }
    }
}
