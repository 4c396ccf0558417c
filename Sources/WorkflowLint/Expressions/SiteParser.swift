import Text

/// Finds and parses the expressions of a site, and knows the line of the file each begins on.
struct SiteParser {
    let lines: [[Unicode.Scalar]]

    init(lines: [String]) { self.lines = lines.map { Array($0.unicodeScalars) } }

    func parse(_ site: ExpressionSite) -> ParsedSite {
        var parsed = ParsedSite(site: site, expressions: [], faults: [])
        let text = Array(site.text.value.unicodeScalars)
        var marks = places(in: site.text.node)[...]
        var position = 0
        var found = false
        while let start = Self.find("${{", in: text, from: position) {
            found = true
            let mark = marks.popFirst() ?? site.text.mark
            position = start + 3
            parse(text[position...], at: mark, lead: 3, closing: true, consumed: &position, into: &parsed)
        }
        if !found, site.role == .condition {
            var rest = 0
            let isQuoted = site.text.node.scalar?.style == .singleQuoted || site.text.node.scalar?.style == .doubleQuoted
            parse(text[...], at: site.text.mark, lead: isQuoted ? 1 : 0, closing: false, consumed: &rest, into: &parsed)
        }
        return parsed
    }

    private func parse(
        _ text: ArraySlice<Unicode.Scalar>, at mark: YAMLMark, lead: Int, closing: Bool, consumed: inout Int, into parsed: inout ParsedSite
    ) {
        do {
            let (tokens, end) = try Self.tokens(text, closing: closing)
            consumed += end
            parsed.expressions.append(ParsedExpression(expression: try ExpressionParser.parse(tokens), mark: mark, lead: lead))
        } catch {
            parsed.faults.append((YAMLMark(line: mark.line, column: mark.column + lead + error.offset), error.message))
        }
    }

    private static func tokens(_ text: ArraySlice<Unicode.Scalar>, closing: Bool) throws(ExpressionFault) -> ([LocatedToken], end: Int) {
        if closing {
            var short = ExpressionLexer(text.prefix(ExpressionLexer.windows[0]))
            if let tokens = try? short.tokens(closing: true) { return (tokens, short.endOffset) }
        }
        var lexer = ExpressionLexer(closing ? text.prefix(ExpressionLexer.windows[1]) : text)
        let tokens = try lexer.tokens(closing: closing)
        return (tokens, lexer.endOffset)
    }

    /// Marks of every `${{` between the start of a node and its end, as the file has them.
    private func places(in node: YAMLNode) -> [YAMLMark] {
        var places: [YAMLMark] = []
        let last = min(node.end.line, lines.count)
        guard node.start.line >= 1, node.start.line <= last else { return [] }
        for number in node.start.line...last {
            let line = lines[number - 1]
            var position = number == node.start.line ? max(0, node.start.column - 1) : 0
            while let start = Self.find("${{", in: line, from: position) {
                places.append(YAMLMark(line: number, column: start + 1))
                position = start + 3
            }
        }
        return places
    }

    static func find(_ needle: String, in text: [Unicode.Scalar], from start: Int) -> Int? {
        let needle = Array(needle.unicodeScalars)
        guard text.count >= needle.count else { return nil }
        var index = start
        while index <= text.count - needle.count {
            if text[index] == needle[0], text[index..<(index + needle.count)].elementsEqual(needle) { return index }
            index += 1
        }
        return nil
    }
}
