/// The names of the declarations around a line, found by indentation: works for every language that people indent.
struct EnclosingDeclarations {
    private let lines: [ArraySlice<UInt8>]

    init(_ file: [UInt8]) {
        lines = file.split(separator: 10, omittingEmptySubsequences: false)
    }

    /// Names of the declaration at `line` and of those it lies in, innermost first. Lines count from 1.
    func names(at line: Int) -> [String] {
        guard !lines.isEmpty else { return [] }
        let start = min(max(1, line), lines.count) - 1
        var names: [String] = []
        var depth: Int?
        for index in stride(from: start, through: max(0, start - 5000), by: -1) {
            let text = lines[index]
            guard let indent = text.firstIndex(where: { $0 != 32 && $0 != 9 && $0 != 13 }).map({ $0 - text.startIndex }) else { continue }
            let isOutside = depth.map { indent < $0 } ?? false
            guard index == start || isOutside else { continue }
            depth = isOutside ? indent : depth ?? indent
            if let name = Self.declaredName(in: String(decoding: text, as: UTF8.self)), !names.contains(name) { names.append(name) }
            if depth == 0 { break }
        }
        return names
    }

    private static let declaring: Set<String> = [
        "class", "interface", "enum", "struct", "protocol", "trait", "impl", "extension", "actor", "module", "object", "record",
        "namespace",
        "def", "func", "fn", "fun", "function",
    ]
    private static let controlling: Set<String> = [
        "if", "for", "while", "switch", "catch", "return", "else", "try", "synchronized", "guard", "unless", "elif", "match", "with",
        "throw",
    ]

    /// `func name`, `class Name`, or the name before the first parenthesis of a line that is no statement.
    static func declaredName(in line: String) -> String? {
        let tokens = tokens(of: line)
        if let index = tokens.firstIndex(where: { declaring.contains($0.text) }), index + 1 < tokens.count { return tokens[index + 1].text }
        guard let first = tokens.first, !controlling.contains(first.text) else { return nil }
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        guard !trimmed.hasPrefix("}"), !trimmed.hasPrefix("*"), !trimmed.hasPrefix("//"), !trimmed.hasSuffix(";") else { return nil }
        guard let called = tokens.first(where: \.isCalled), !controlling.contains(called.text) else { return nil }
        return called.text
    }

    private static func tokens(of line: String) -> [(text: String, isCalled: Bool)] {
        var tokens: [(text: String, isCalled: Bool)] = []
        var line = line
        line.withUTF8 { bytes in
            Identifiers.forEach(in: bytes) { range in
                var after = range.upperBound
                while after < bytes.count, bytes[after] == 32 { after += 1 }
                tokens.append((String(decoding: bytes[range], as: UTF8.self), after < bytes.count && bytes[after] == 40))
            }
        }
        return tokens
    }
}
