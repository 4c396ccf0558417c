/// Code as a model quotes it, in the ways it may be meant.
struct Quote {
    /// Line lists to look for: as given first, then without the marks of a diff or of a numbered list.
    let readings: [[String]]

    init(_ text: String) {
        var lines = text.textLines
        lines = Self.withoutFence(lines)
        lines = Self.trimmed(lines)
        var readings = [lines]
        for reading in [Self.withoutMarks(lines), Self.withoutNumbers(lines), Self.withoutNumbers(lines).flatMap(Self.withoutMarks)] {
            if let reading = reading.map(Self.trimmed), !reading.isEmpty, !readings.contains(reading) { readings.append(reading) }
        }
        self.readings = readings
    }

    var isEmpty: Bool { readings.first?.isEmpty ?? true }

    /// Enough to be recognised in another file than the one named.
    var isDistinctive: Bool { readings.first?.reduce(0) { $0 + NormalizedCode.line($1, .none).utf8.count } ?? 0 >= 12 }

    private static func withoutFence(_ lines: [String]) -> [String] {
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

    /// `+code` and `-code`: only when every line has a mark or a blank in its place.
    private static func withoutMarks(_ lines: [String]) -> [String]? {
        let marked = lines.filter { !$0.isEmpty }
        guard marked.allSatisfy({ "+- ".utf8.contains($0.utf8.first ?? 0) }), marked.contains(where: { $0.utf8.first != 32 }) else {
            return nil
        }
        return lines.map { String($0.dropFirst()) }
    }

    /// `12 code`, `12: code`, `12 +code`: only when every line begins with a number.
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
}

/// One rung of the search for a quote.
enum Search {
    case exact, lineEnd, blanks, none
    /// The quote is part of one line.
    case within

    /// Whole lines, the strictest reading first.
    static let lines: [Search] = [.exact, .lineEnd, .blanks, .none]
    static let parts: [Search] = [.within]

    var tolerance: NormalizedCode.Tolerance {
        switch self {
        case .exact: .exact
        case .lineEnd: .lineEnd
        case .blanks, .within: .blanks
        case .none: .none
        }
    }

    var isExact: Bool {
        switch self {
        case .exact, .lineEnd: true
        case .blanks, .none, .within: false
        }
    }

    var words: String {
        switch self {
        case .exact: "the quote stands there exactly"
        case .lineEnd: "the quote stands there but for blanks at the line's end"
        case .blanks: "the quote stands there but for blanks"
        case .none: "the quote stands there with all blanks left out"
        case .within: "the quote is part of the line"
        }
    }
}
