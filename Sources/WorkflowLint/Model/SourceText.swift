import Text

/// A scalar of the file with the place it was written at.
struct SourceText: Sendable {
    var value: String
    var node: YAMLNode

    var mark: YAMLMark { node.start }
    /// Has a `${{ }}` anywhere.
    var hasExpression: Bool { value.holds("${{") }
    /// Nothing but one `${{ }}`.
    var isExpression: Bool {
        let scalars = Array(value.unicodeScalars.drop { $0.properties.isWhitespace })
        guard scalars.starts(with: "${{".unicodeScalars) else { return false }
        var lexer = ExpressionLexer(scalars, from: 3)
        guard (try? lexer.tokens(closing: true)) != nil else { return value.hasSuffix("}}") && scalars.count { $0 == "$" } == 1 }
        return scalars[lexer.endOffset...].allSatisfy { $0.properties.isWhitespace }
    }
}

extension StringProtocol {
    /// First occurrence of `needle`, byte by byte.
    func range(of needle: String, from start: Index? = nil) -> Range<Index>? {
        let needle = Array(needle.utf8)
        var index = start ?? startIndex
        let bytes = utf8
        while index < endIndex {
            var cursor = index
            var matched = 0
            while matched < needle.count, cursor < endIndex, bytes[cursor] == needle[matched] {
                matched += 1
                cursor = bytes.index(after: cursor)
            }
            if matched == needle.count { return index..<cursor }
            index = bytes.index(after: index)
        }
        return nil
    }
}
