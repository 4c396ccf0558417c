import Basics

/// Markup that is safe to send: literals are ours, everything interpolated is escaped unless it is `HTML` already.
///
/// ```swift
/// let row: HTML = "<td>\(title)</td>"     // title is escaped, whatever it holds
/// ```
struct HTML: Sendable, ExpressibleByStringInterpolation {
    let markup: String

    init(stringLiteral value: String) {
        markup = value
    }

    init(stringInterpolation interpolation: Interpolation) {
        markup = interpolation.markup
    }

    private init(markup: String) {
        self.markup = markup
    }

    /// Pieces one after another.
    static func list(_ pieces: some Sequence<HTML>) -> HTML { HTML(markup: pieces.map(\.markup).joined(separator: "\n")) }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { markup += literal }
        mutating func appendInterpolation(_ text: String) { markup += HTML.escape(text) }
        mutating func appendInterpolation(_ text: UntrustedText) { markup += HTML.escape(text.raw) }
        mutating func appendInterpolation(_ number: some BinaryInteger) { markup += String(number) }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ html: HTML?) { markup += html?.markup ?? "" }
    }

    /// Escapes for text and for quoted attributes, and shows characters that would hide or reorder text as their code.
    ///
    /// Source: OWASP Cross Site Scripting Prevention Cheat Sheet, rules 1 and 2.
    static func escape(_ text: String) -> String {
        var safe = ""
        safe.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "`": safe += "&#96;"
            case "\n", "\t": safe.unicodeScalars.append(scalar)
            default:
                let hides = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                if hides { safe += "[U+\(String(scalar.value, radix: 16, uppercase: true))]" } else { safe.unicodeScalars.append(scalar) }
            }
        }
        return safe
    }
}
