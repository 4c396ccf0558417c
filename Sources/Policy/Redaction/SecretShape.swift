/// A kind of credential known by how it is written: a fixed beginning and a run of certain characters.
package struct SecretShape: Sendable {
    /// Characters the part after the beginning is made of.
    package enum Alphabet: Sendable {
        case alphanumeric, upperAlphanumeric, hex
        /// Letters, digits, `_` and `-`.
        case url
        /// `url` and `.`.
        case dotted
        /// Letters, digits, `+`, `/` and `=`.
        case base64
        /// `base64` and `url` together.
        case base64OrURL

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .alphanumeric: byte.isLetterOrDigit
            case .upperAlphanumeric: byte.isDigit || byte.isUpper
            case .hex: byte.isDigit || (97...102).contains(byte) || (65...70).contains(byte)
            case .url: byte.isLetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            case .dotted: Alphabet.url.contains(byte) || byte == UInt8(ascii: ".")
            case .base64OrURL: Alphabet.base64.contains(byte) || Alphabet.url.contains(byte)
            case .base64: byte.isLetterOrDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
            }
        }
    }

    /// Stable, shown in redaction marks and findings, e.g. `github-token`.
    package let id: String
    /// For people: “a GitHub token”.
    package let title: String
    let prefix: [UInt8]
    let alphabet: Alphabet
    /// Bytes after the beginning. A longer run is no match.
    let length: ClosedRange<Int>
    /// The beginning is too common to be believed inside a longer word.
    let startsWord: Bool

    init(_ id: String, _ title: String, _ prefix: String, _ alphabet: Alphabet, _ length: ClosedRange<Int>, startsWord: Bool = false) {
        self.id = id
        self.title = title
        self.prefix = Array(prefix.utf8)
        self.alphabet = alphabet
        self.length = length
        self.startsWord = startsWord
    }
}

extension UInt8 {
    var isDigit: Bool { (48...57).contains(self) }
    var isUpper: Bool { (65...90).contains(self) }
    var isLetter: Bool { isUpper || (97...122).contains(self) }
    var isLetterOrDigit: Bool { isDigit || isLetter }
    var lowered: UInt8 { isUpper ? self + 32 : self }
    var isBlank: Bool { self == 32 || self == 9 }
    var isPunctuation: Bool {
        (33...47).contains(self) || (58...64).contains(self) || (91...96).contains(self) || (123...126).contains(self)
    }
}
