import Basics

/// JSON as models write it: with raw line ends and tabs in strings, trailing commas, `NaN`, comments, single quotes, or broken off.
///
/// Source of the forms: replies seen from small local models and from servers without schema support.
struct LooseJSON {
    /// A value, and whether its text was all there.
    struct Parsed {
        var value: JSONValue
        var isWhole: Bool
    }

    private let bytes: [UInt8]
    private(set) var index: Int
    private static let deepest = 64

    init(_ bytes: [UInt8], from index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    /// Every object and array that stands in a text, outermost ones only, in order.
    static func values(in text: String) -> [Parsed] {
        let bytes = Array(text.utf8)
        var result: [Parsed] = []
        var index = 0
        // A text of nothing but brackets would be read over and over: this many attempts are enough for any real reply.
        var attempts = 0
        while index < bytes.count, attempts < 2000 {
            guard bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") else {
                index += 1
                continue
            }
            attempts += 1
            var parser = LooseJSON(bytes, from: index)
            if let parsed = parser.value(depth: 0), parsed.value != .array([]), parsed.value != .object([:]) {
                result.append(parsed)
                index = max(parser.index, index + 1)
            } else {
                index += 1
            }
        }
        return result
    }

    /// The text with its escapes resolved once, as if all of it stood in a string.
    static func unescaped(_ text: String) -> String {
        var parser = LooseJSON(Array(text.utf8))
        var result: [UInt8] = []
        while parser.index < parser.bytes.count {
            let byte = parser.bytes[parser.index]
            parser.index += 1
            if byte == UInt8(ascii: "\\") { parser.escape(into: &result) } else { result.append(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `nil` when no value begins here.
    mutating func value(depth: Int) -> Parsed? {
        skipBlanks()
        guard index < bytes.count, depth < Self.deepest else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map { Parsed(value: .string($0.text), isWhole: $0.isWhole) }
        default: return word()
        }
    }

    // MARK: Structures

    private mutating func object(_ depth: Int) -> Parsed? {
        index += 1
        var members: [String: JSONValue] = [:]
        while true {
            skipSeparators()
            guard index < bytes.count else { return Parsed(value: .object(members), isWhole: false) }
            if bytes[index] == UInt8(ascii: "}") {
                index += 1
                return Parsed(value: .object(members), isWhole: true)
            }
            guard let key = key() else { return members.isEmpty ? nil : Parsed(value: .object(members), isWhole: false) }
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else {
                return members.isEmpty ? nil : Parsed(value: .object(members), isWhole: false)
            }
            index += 1
            guard let member = value(depth: depth + 1) else { return Parsed(value: .object(members), isWhole: false) }
            // A list that broke off still holds whole elements; any other broken value is not to be believed.
            if member.isWhole { members[key] = member.value } else if case .array = member.value { members[key] = member.value }
            if !member.isWhole { return Parsed(value: .object(members), isWhole: false) }
        }
    }

    private mutating func array(_ depth: Int) -> Parsed? {
        index += 1
        var elements: [JSONValue] = []
        while true {
            skipSeparators()
            guard index < bytes.count else { return Parsed(value: .array(elements), isWhole: false) }
            if bytes[index] == UInt8(ascii: "]") {
                index += 1
                return Parsed(value: .array(elements), isWhole: true)
            }
            guard let element = value(depth: depth + 1) else { return Parsed(value: .array(elements), isWhole: false) }
            guard element.isWhole else { return Parsed(value: .array(elements), isWhole: false) }
            elements.append(element.value)
        }
    }

    private mutating func key() -> String? {
        if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
            guard let key = string(), key.isWhole else { return nil }
            return key.text
        }
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    // MARK: Leaves

    private mutating func string() -> (text: String, isWhole: Bool)? {
        let quote = bytes[index]
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote, quote == UInt8(ascii: "\"") ? closesString() : true {
                index += 1
                return (String(decoding: text, as: UTF8.self), true)
            }
            index += 1
            if byte == UInt8(ascii: "\\") { escape(into: &text) } else { text.append(byte) }
        }
        return (String(decoding: text, as: UTF8.self), false)
    }

    /// A quote that the model forgot to escape is not followed by what follows a string.
    private func closesString() -> Bool {
        var next = index + 1
        while next < bytes.count, bytes[next] <= 32 { next += 1 }
        guard next < bytes.count else { return true }
        return ",:}]/".utf8.contains(bytes[next]) || bytes[next] == UInt8(ascii: "\"")
    }

    private mutating func escape(into text: inout [UInt8]) {
        guard index < bytes.count else { return }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "u"): unicode(into: &text)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): text.append(byte)
        // `\d` of a pattern that was not escaped: both characters are meant.
        default: text += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func unicode(into text: inout [UInt8]) {
        guard let first = hexadecimal() else { return text.append(contentsOf: "\\u".utf8) }
        var code = first
        if (0xD800...0xDBFF).contains(first), bytes[index...].starts(with: "\\u".utf8) {
            let saved = index
            index += 2
            if let second = hexadecimal(), (0xDC00...0xDFFF).contains(second) {
                code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            } else {
                index = saved
            }
        }
        text.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count, let text = String(validating: bytes[index..<(index + 4)], as: UTF8.self),
            text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }), let code = UInt32(text, radix: 16)
        else { return nil }
        index += 4
        return code
    }

    private mutating func word() -> Parsed? {
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        guard index > start else { return nil }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        // A number at the very end may have lost digits.
        let isWhole = index < bytes.count
        switch text.lowercased() {
        case "null", "none", "nan", "+nan", "-nan", "undefined": return Parsed(value: .null, isWhole: isWhole)
        case "true": return Parsed(value: .bool(true), isWhole: isWhole)
        case "false": return Parsed(value: .bool(false), isWhole: isWhole)
        case "infinity", "inf", "+infinity": return Parsed(value: .number(.greatestFiniteMagnitude), isWhole: isWhole)
        case "-infinity", "-inf": return Parsed(value: .number(-.greatestFiniteMagnitude), isWhole: isWhole)
        default: break
        }
        if let number = Int64(text) { return Parsed(value: .integer(number), isWhole: isWhole) }
        if let number = Double(text), number.isFinite { return Parsed(value: .number(number), isWhole: isWhole) }
        return Parsed(value: .string(text), isWhole: isWhole)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "+-._".utf8.contains(byte)
    }

    private mutating func skipSeparators() {
        repeat { skipBlanks() } while skip(UInt8(ascii: ","))
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Blanks and comments.
    private mutating func skipBlanks() {
        while index < bytes.count {
            if bytes[index] <= 32 {
                index += 1
            } else if bytes[index...].starts(with: "//".utf8) {
                index = bytes[index...].firstIndex(of: 10) ?? bytes.count
            } else if bytes[index...].starts(with: "/*".utf8) {
                index = bytes[index...].firstRange(of: Array("*/".utf8))?.upperBound ?? bytes.count
            } else {
                return
            }
        }
    }
}
