/// A look into a JSON document without building anything: what does one member of its top level say. It reads no further than that member,
/// which in many documents comes first; one without it is read to its last byte.
///
/// Whether a document is one behind the member, and whether the member comes a second time, is not looked at: for documents whose sender is
/// believed, and of which most are then left alone. Stricter than the decoder where the two differ (no trailing commas, no byte order mark).
/// Source: RFC 8259
package enum JSONGlance: Sendable, Hashable {
    /// Not a document as far as it was read, or one with something unusual: ask the decoder.
    case unclear
    /// The member is this text.
    case text(String)
    /// A document without that member, or with another type there.
    case otherwise

    package init(at member: StaticString, in bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { buffer in
            member.withUTF8Buffer { name in
                var scan = JSONScan(buffer, member: name)
                let isWhole = scan.readDocument()
                let isUTF8 = { (part: Slice<UnsafeBufferPointer<UInt8>>) in scan.isPlain || String(validating: part, as: UTF8.self) != nil }
                if let found = scan.found {
                    return isUTF8(buffer[..<found.upperBound])
                        ? .text(String(decoding: UnsafeBufferPointer(rebasing: buffer[found]), as: UTF8.self)) : .unclear
                }
                return isWhole && isUTF8(buffer[...]) ? .otherwise : .unclear
            }
        }
    }
}

/// The scan itself. Every read is checked against `count`.
private struct JSONScan {
    private static let deepest = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private let member: UnsafeBufferPointer<UInt8>
    private var index = 0
    /// One element an open container: whether it is an object.
    private var open: [Bool] = []
    private var isAtMember = false
    private var seen = false
    /// No byte beyond ASCII.
    private(set) var isPlain = true
    /// The member's text between its quotes.
    private(set) var found: Range<Int>?

    init(_ bytes: UnsafeBufferPointer<UInt8>, member: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        self.member = member
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    /// To the member's text, or to the end. False for anything that is no document so far, for more than 512 levels, and for a member in escapes.
    mutating func readDocument() -> Bool {
        while found == nil {
            skipSpace()
            guard let byte = next else { return false }
            let isObject = byte == UInt8(ascii: "{")
            if isObject || byte == UInt8(ascii: "[") {
                isAtMember = false
                index += 1
                guard open.count < Self.deepest else { return false }
                open.append(isObject)
                skipSpace()
                if !take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if isObject, !readKey() { return false }
                    continue
                }
                open.removeLast()
            } else if !readScalar(byte) {
                return false
            }
            switch readEndings() {
            case nil: return false
            case true?: return true
            case false?: continue
            }
        }
        return true
    }

    /// What follows a value: `true` at the document's end, `false` where another value follows, `nil` for neither.
    private mutating func readEndings() -> Bool? {
        while let isObject = open.last {
            skipSpace()
            if take(UInt8(ascii: ",")) {
                guard isObject else { return false }
                skipSpace()
                return readKey() ? false : nil
            }
            guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return nil }
            open.removeLast()
        }
        skipSpace()
        return index == bytes.count ? true : nil
    }

    private mutating func readKey() -> Bool {
        guard let (range, hasEscapes) = readText() else { return false }
        if open.count == 1 {
            if hasEscapes { return false }
            isAtMember = range.count == member.count && bytes[range].elementsEqual(member)
            if isAtMember, seen { return false }
            if isAtMember { seen = true }
        }
        skipSpace()
        return take(UInt8(ascii: ":"))
    }

    private mutating func readScalar(_ byte: UInt8) -> Bool {
        defer { isAtMember = false }
        switch byte {
        case UInt8(ascii: "\""):
            guard let (range, hasEscapes) = readText() else { return false }
            guard isAtMember else { return true }
            if !hasEscapes { found = range }
            return !hasEscapes
        case UInt8(ascii: "t"): return readWord("true")
        case UInt8(ascii: "f"): return readWord("false")
        case UInt8(ascii: "n"): return readWord("null")
        default: return readNumber()
        }
    }

    private mutating func readWord(_ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            guard bytes.count - index >= word.count, bytes[index..<index + word.count].elementsEqual(word) else { return false }
            index += word.count
            return true
        }
    }

    private mutating func readNumber() -> Bool {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), readDigits() == 0 { return false }
        if take(UInt8(ascii: ".")), readDigits() == 0 { return false }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            index += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if readDigits() == 0 { return false }
        }
        return true
    }

    private mutating func readDigits() -> Int {
        let start = index
        while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
        return index - start
    }

    /// What stands between the quotes; `nil` when it is no text.
    private mutating func readText() -> (Range<Int>, hasEscapes: Bool)? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        var hasEscapes = false
        while true {
            skipOrdinary()
            guard let byte = next else { return nil }
            if byte == UInt8(ascii: "\"") {
                index += 1
                return (start..<index - 1, hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                guard readEscape() else { return nil }
            } else if byte >= 0x80 {
                isPlain = false
                index += 1
            } else if byte < 0x20 {
                return nil
            } else {
                index += 1
            }
        }
    }

    /// Past what is neither quote, backslash, control character nor beyond ASCII, eight bytes at a time.
    private mutating func skipOrdinary() {
        let low: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        while bytes.count - index >= 8, let base = bytes.baseAddress {
            let word = UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quotes = word ^ (low &* 0x22)
            let slashes = word ^ (low &* 0x5C)
            let marks = (quotes &- low) & ~quotes | (slashes &- low) & ~slashes | (word &- low &* 0x20) & ~word | word
            // The lowest mark is never a false one: what a borrow spoils lies above it.
            if marks & high != 0 {
                index += (marks & high).trailingZeroBitCount >> 3
                return
            }
            index += 8
        }
    }

    private mutating func readEscape() -> Bool {
        index += 1
        guard let kind = next else { return false }
        index += 1
        if kind != UInt8(ascii: "u") { return "\"\\/bfnrt".utf8.contains(kind) }
        guard let unit = readHex() else { return false }
        if (0xDC00...0xDFFF).contains(unit) { return false }
        guard (0xD800...0xDBFF).contains(unit) else { return true }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let second = readHex() else { return false }
        return (0xDC00...0xDFFF).contains(second)
    }

    private mutating func readHex() -> Int? {
        guard bytes.count - index >= 4 else { return nil }
        var value = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | Int(byte - 0x30)
            case 0x41...0x46: value = value << 4 | Int(byte - 0x37)
            case 0x61...0x66: value = value << 4 | Int(byte - 0x57)
            default: return nil
            }
        }
        index += 4
        return value
    }
}
