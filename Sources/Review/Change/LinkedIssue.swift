package import Basics

/// An issue that the change says it closes.
package struct LinkedIssue: Sendable, Hashable, Codable {
    package let number: Int
    package var title: UntrustedText
    package var body: UntrustedText

    package init(number: Int, title: UntrustedText, body: UntrustedText) {
        self.number = number
        self.title = title
        self.body = body
    }

    private static let words: Set<String> = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"]

    /// Numbers of issues of the same repository that a description closes, at most `most`: `Fixes #12`, `closes: #3`.
    ///
    /// Source: docs.github.com/issues, "Linking a pull request to an issue using a keyword"
    package static func numbers(in description: UntrustedText, most: Int = 2) -> [Int] {
        let text = ReviewPrompt.withoutComments(description.raw)
        let tokens = text.split(whereSeparator: \.isWhitespace).prefix(5000)
        var numbers: [Int] = []
        var previous = ""
        for token in tokens {
            defer { previous = token.lowercased() }
            let keyword = previous.hasSuffix(":") ? String(previous.dropLast()) : previous
            guard words.contains(keyword), token.first == "#" else { continue }
            let digits = token.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard (1...9).contains(digits.count), let number = Int(digits), number > 0, !numbers.contains(number) else { continue }
            numbers.append(number)
            if numbers.count == most { break }
        }
        return numbers
    }
}
