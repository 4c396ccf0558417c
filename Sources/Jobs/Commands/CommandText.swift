package import Basics

/// The line of a comment that asks something of us: `/name argument`. Pure; says nothing yet about who may.
package struct CommandText: Sendable, Hashable, Codable {
    package static let longestArgument = ByteCount(2000)

    /// In lower case.
    package let name: String
    /// What stands behind the name, without blanks at its ends. Cut one byte beyond `longestArgument`, so that it is known to be too long.
    package let argument: UntrustedText

    /// Reads the first line that is not blank; `nil` when the comment asks nothing. Quoted and indented lines do not.
    package init?(_ body: UntrustedText) {
        let line = body.raw.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        guard let line, line.first == "/" else { return nil }
        let name = line.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
        let rest = line.dropFirst(1 + name.count)
        guard (1...40).contains(name.count), rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        self.name = name.lowercased()
        let argument = rest.drop(while: \.isWhitespace)
        let end = argument.lastIndex { !$0.isWhitespace }.map { argument.index(after: $0) } ?? argument.startIndex
        self.argument = UntrustedText(Self.cut(String(argument[..<end])))
    }

    package var isTooLong: Bool { argument.raw.utf8.count > Self.longestArgument.bytes }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestArgument.bytes else { return text }
        return String(decoding: text.utf8.prefix(longestArgument.bytes + 1), as: UTF8.self)
    }
}
