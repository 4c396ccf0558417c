/// Tokens of GitHub's expression language. Source: docs.github.com/actions/reference/evaluate-expressions
enum ExpressionToken: Sendable, Equatable {
    case identifier(String)
    case string(String)
    case number(String)
    case symbol(String)
    case end
}

struct LocatedToken: Sendable {
    var token: ExpressionToken
    /// Offset in scalars from the first scalar behind `${{`.
    var offset: Int
}

struct ExpressionFault: Error, Sendable {
    var offset: Int
    var message: String
}

struct ExpressionLexer {
    /// How far to look for the end of an expression: most are short, and none may be longer than GitHub's 21,000 characters. A text with
    /// very many expressions is then not copied whole for each.
    static let windows = [400, 21_003]

    private let text: [Unicode.Scalar]
    private var position: Int

    init(_ text: some Sequence<Unicode.Scalar>, from start: Int = 0) {
        self.text = Array(text)
        position = start
    }

    /// Offset just behind the closing `}}`.
    private(set) var endOffset = 0

    /// Tokens up to `}}`, or to the end of the text when `closing` is false.
    mutating func tokens(closing: Bool) throws(ExpressionFault) -> [LocatedToken] {
        var tokens: [LocatedToken] = []
        while true {
            while let next = peek(), next == " " || next == "\t" || next == "\n" || next == "\r" { position += 1 }
            let start = position
            guard let first = peek() else {
                if closing { throw fault("the expression does not end: '}}' is missing", at: start) }
                return tokens + [LocatedToken(token: .end, offset: start)]
            }
            if closing, first == "}" {
                guard peek(1) == "}" else { throw fault("unexpected '}'; an expression ends with '}}'", at: start) }
                position += 2
                endOffset = position
                return tokens + [LocatedToken(token: .end, offset: start)]
            }
            tokens.append(LocatedToken(token: try next(first), offset: start))
        }
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        let index = position + ahead
        return text.indices.contains(index) ? text[index] : nil
    }

    private mutating func next(_ first: Unicode.Scalar) throws(ExpressionFault) -> ExpressionToken {
        if Self.isLetter(first) { return .identifier(take { Self.isLetter($0) || Self.isDigit($0) || $0 == "-" }) }
        if Self.isDigit(first) || first == "-" { return try number() }
        if first == "'" { return try string() }
        let two = String(String.UnicodeScalarView([first, peek(1) ?? " "]))
        if ["<=", ">=", "==", "!=", "&&", "||"].contains(two) {
            position += 2
            return .symbol(two)
        }
        if "()[].!<>*,".unicodeScalars.contains(first) {
            position += 1
            return .symbol(String(first))
        }
        throw fault(complaint(first), at: position)
    }

    private func complaint(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "unexpected '\"'; strings in expressions take single quotes: 'text'"
        case "=": "unexpected '='; equality is '=='"
        case "&", "|": "unexpected '\(scalar)'; the operators are '&&' and '||'"
        case "+", "-", "/", "%": "unexpected '\(scalar)'; expressions have no arithmetic"
        default: "unexpected character '\(scalar)'"
        }
    }

    private mutating func take(_ wanted: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        while let scalar = peek(), wanted(scalar) {
            result.append(scalar)
            position += 1
        }
        return String(result)
    }

    private mutating func number() throws(ExpressionFault) -> ExpressionToken {
        let start = position
        var word = ""
        if peek() == "-" {
            word = "-"
            position += 1
        }
        word += take { Self.isDigit($0) || Self.isLetter($0) || $0 == "." }
        if let last = word.last, last == "e" || last == "E", !word.hasPrefix("0x"), let sign = peek(), sign == "-" || sign == "+" {
            position += 1
            word += String(sign) + take(Self.isDigit)
        }
        let digits = word.hasPrefix("-") ? String(word.dropFirst()) : word
        let isNumber =
            digits.hasPrefix("0x") ? Int64(digits.dropFirst(2), radix: 16) != nil : Self.startsWithDigit(digits) && Double(digits) != nil
        guard isNumber else { throw fault("'\(word)' is no number", at: start) }
        return .number(word)
    }

    private static func startsWithDigit(_ text: String) -> Bool { text.unicodeScalars.first.map(isDigit) ?? false }

    private mutating func string() throws(ExpressionFault) -> ExpressionToken {
        let start = position
        position += 1
        var result = String.UnicodeScalarView()
        while let scalar = peek() {
            position += 1
            guard scalar == "'" else {
                result.append(scalar)
                continue
            }
            guard peek() == "'" else { return .string(String(result)) }
            result.append("'")
            position += 1
        }
        throw fault("the string does not end: a closing ' is missing", at: start)
    }

    private func fault(_ message: String, at offset: Int) -> ExpressionFault { ExpressionFault(offset: offset, message: message) }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z") || scalar == "_"
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }
}
