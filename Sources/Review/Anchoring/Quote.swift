import Text

/// Code as a model quotes it, in the ways it may be meant.
struct Quote {
    /// Line lists to look for, with the side they belong to where only one can be meant: as given first, then without the marks of a
    /// diff or of a numbered list, then without what a careless writer of JSON or Markdown puts around it.
    private let readings: [Reading]

    private struct Reading: Equatable {
        let lines: [String]
        /// `nil`: either.
        var side: DiffSide?
    }

    init(_ text: String) {
        let literal = Self.trimmed(text.textLines)
        let given = Self.trimmed(Self.withoutFence(literal))
        // In a document the fence may be what is quoted.
        var readings = [Reading(lines: literal)]
        var found = literal == given ? [] : Self.unwrapped(literal).map { Reading(lines: $0) }
        found +=
            [Reading(lines: given)] + Self.marked(given) + (Self.withoutNumbers(given).map { [Reading(lines: $0)] + Self.marked($0) } ?? [])
        for plain in Self.unwrapped(given) { found += [Reading(lines: plain)] + Self.marked(plain) }
        for reading in found {
            let reading = Reading(lines: Self.trimmed(reading.lines), side: reading.side)
            if !reading.lines.isEmpty, !readings.contains(reading) { readings.append(reading) }
        }
        self.readings = readings
    }

    var isEmpty: Bool { readings.first?.lines.isEmpty ?? true }

    /// Enough to be recognised in another file than the one named.
    var isDistinctive: Bool { readings.first?.lines.reduce(0) { $0 + NormalizedCode.line($1, .none).utf8.count } ?? 0 >= 12 }

    /// What to look for on a side, the most literal reading first.
    func readings(for side: DiffSide) -> [[String]] { readings.filter { $0.side == nil || $0.side == side }.map(\.lines) }

    /// Code that a model put into a fence although nobody asked for Markdown.
    static func withoutFence(_ text: String) -> String {
        let lines = text.textLines
        guard trimmed(lines).first?.hasPrefix("```") == true else { return text }
        return withoutFence(lines).joined(separator: "\n")
    }

    private static func withoutFence(_ lines: [String]) -> [String] {
        let lines = trimmed(lines)
        guard let first = lines.first, first.hasPrefix("```"), lines.count > 1 else { return lines }
        let body = lines.dropFirst()
        return Array(body.last?.hasPrefix("```") == true ? body.dropLast() : body)
    }

    /// Without blank lines at either end.
    private static func trimmed(_ lines: [String]) -> [String] {
        guard let first = lines.firstIndex(where: { !NormalizedCode.isBlank($0) }),
            let last = lines.lastIndex(where: { !NormalizedCode.isBlank($0) })
        else { return [] }
        return Array(lines[first...last])
    }

    // MARK: The marks of a diff

    /// `+code` and `-code`, `12 code`, `13+code`: only when every line has a mark, a number, or a blank in its place. Where a quote
    /// repeats removed and added lines together, each side has its own.
    private static func marked(_ lines: [String]) -> [Reading] {
        let parts = lines.compactMap(mark)
        guard parts.count == lines.count, parts.contains(where: { $0.mark != " " || $0.isNumbered }) else { return [] }
        let marks = Set(parts.map(\.mark))
        guard marks.contains("+"), marks.contains("-") else { return [Reading(lines: parts.map(\.text))] }
        return [
            Reading(lines: parts.filter { $0.mark != "-" }.map(\.text), side: .new),
            Reading(lines: parts.filter { $0.mark != "+" }.map(\.text), side: .old),
        ]
    }

    private static func mark(_ line: String) -> (mark: Character, text: String, isNumbered: Bool)? {
        if NormalizedCode.isBlank(line) { return (" ", "", false) }
        let digits = line.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        // Code may begin with a number, too: `2)`.
        let isNumbered = !digits.isEmpty && line[digits.endIndex...].first.map { "+- ".contains($0) } == true
        let body = isNumbered ? line[digits.endIndex...] : line[...]
        guard let first = body.first, "+- ".contains(first) else { return nil }
        return (first, String(body.dropFirst()), isNumbered)
    }

    /// `12 code`, `12: code`, `12| code`: only when every line begins with a number.
    private static func withoutNumbers(_ lines: [String]) -> [String]? {
        var result: [String] = []
        for line in lines {
            let body = line.drop { $0 == " " }
            let digits = body.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty || NormalizedCode.isBlank(line) else { return nil }
            var rest = body.dropFirst(digits.count)
            if rest.first == ":" || rest.first == "|" { rest = rest.dropFirst() }
            if rest.first == " " { rest = rest.dropFirst() }
            result.append(String(rest))
        }
        return result
    }

    // MARK: What writers put around code

    /// In backticks, with HTML's entities, or escaped once more than JSON asks for.
    private static func unwrapped(_ lines: [String]) -> [[String]] {
        var results: [[String]] = []
        if lines.count == 1, let line = lines.first {
            let ticks = line.prefix { $0 == "`" }.count
            if ticks > 0, line.utf8.count > 2 * ticks, line.hasSuffix(String(repeating: "`", count: ticks)) {
                results.append([String(line.dropFirst(ticks).dropLast(ticks))])
            }
        }
        if lines.contains(where: { $0.utf8.contains(UInt8(ascii: "\\")) }) {
            results.append(lines.flatMap { LooseJSON.unescaped($0).textLines })
        }
        if lines.contains(where: { $0.utf8.contains(UInt8(ascii: "&")) }) { results.append(lines.map(withoutEntities)) }
        return results
    }

    private static func withoutEntities(_ line: String) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
        return entities.reduce(line) { $0.replacing($1.0, with: $1.1) }
    }
}

/// One rung of the search for a quote.
enum Search {
    case exact, lineEnd, blanks, none
    /// Blank lines do not count.
    case blankLines
    /// The quote is part of one line, or begins and ends in the middle of lines.
    case within
    /// Lines in between are left out and `...` stands for them.
    case gaps

    /// Whole lines, the strictest reading first.
    static let lines: [Search] = [.exact, .lineEnd, .blanks, .none, .blankLines]
    static let parts: [Search] = [.within, .gaps]

    var tolerance: NormalizedCode.Tolerance {
        switch self {
        case .exact: .exact
        case .lineEnd: .lineEnd
        case .blanks, .within, .gaps, .blankLines: .blanks
        case .none: .none
        }
    }

    var isWhole: Bool {
        switch self {
        case .exact, .lineEnd, .blanks, .none, .blankLines: true
        case .within, .gaps: false
        }
    }

    var isExact: Bool {
        switch self {
        case .exact, .lineEnd: true
        case .blanks, .none, .blankLines, .within, .gaps: false
        }
    }

    var words: String {
        switch self {
        case .exact: "the quote stands there exactly"
        case .lineEnd: "the quote stands there but for blanks at the line's end"
        case .blanks: "the quote stands there but for blanks"
        case .none: "the quote stands there with all blanks left out"
        case .blankLines: "the quote stands there but for blank lines"
        case .within: "the quote is part of the line"
        case .gaps: "the quote stands there with lines left out"
        }
    }
}
