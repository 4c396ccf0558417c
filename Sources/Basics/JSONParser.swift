/// Reads a JSON document in one pass. Source: RFC 8259; as the toolchain's decoder does, a comma may stand before the end of an array or
/// object, and of two members of one name the first counts.
///
/// The toolchain's decoder is asked for a type and fails for every other one, and each failure costs the depth it happens at: a document
/// of 30 KB nested 250 levels took a second. Here each byte is looked at once.
struct JSONParser {
    struct Fault: Error {}

    /// As FoundationEssentials' own.
    static let deepest = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// The whole of `bytes` is one document.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.place == bytes.count else { throw Fault() }
        return value
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // A mark of the byte order is no part of the text.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        skipSpace()
        guard let first = next else { throw Fault() }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        let count = text.utf8CodeUnitCount
        guard bytes.count - place >= count, (0..<count).allSatisfy({ bytes[place + $0] == text.utf8Start[$0] }) else { throw Fault() }
        place += count
        return value
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= Self.deepest else { throw Fault() }
        place += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth))
            if try ends(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= Self.deepest else { throw Fault() }
        place += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw Fault() }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw Fault() }
            let member = try value(depth: depth)
            if members[key] == nil { members[key] = member }
            if try ends(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    /// After an element: a comma, the end, or one after the other.
    private mutating func ends(with end: UInt8) throws(Fault) -> Bool {
        skipSpace()
        if take(end) { return true }
        guard take(UInt8(ascii: ",")) else { throw Fault() }
        skipSpace()
        return take(end)
    }

    // MARK: Numbers

    private mutating func number() throws(Fault) -> JSONValue {
        let start = place
        _ = take(UInt8(ascii: "-"))
        // No number begins with a zero but zero itself and fractions.
        if !take(UInt8(ascii: "0")) { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<place]), as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw Fault() }
        // `12345678901234567.5` is no whole number as text and is one as a double: printed, it would be read back as an integer.
        return Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }

    private mutating func digits() throws(Fault) {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        if place == start { throw Fault() }
    }

    // MARK: Strings

    private mutating func string() throws(Fault) -> String {
        place += 1
        let start = place
        // Most strings have nothing to undo.
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
        if next == UInt8(ascii: "\"") {
            defer { place += 1 }
            return try text(bytes[start..<place])
        }
        var undone = Array(bytes[start..<place])
        while let byte = next, byte >= 0x20 {
            place += 1
            if byte == UInt8(ascii: "\"") { return try undone.withUnsafeBufferPointer { buffer throws(Fault) in try text(buffer[...]) } }
            if byte == UInt8(ascii: "\\") { try undo(into: &undone) } else { undone.append(byte) }
        }
        throw Fault()
    }

    private func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(Fault) -> String {
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self) else { throw Fault() }
        return text
    }

    /// What stands behind a backslash.
    private mutating func undo(into undone: inout [UInt8]) throws(Fault) {
        guard let byte = next else { throw Fault() }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): undone.append(byte)
        case UInt8(ascii: "b"): undone.append(0x08)
        case UInt8(ascii: "f"): undone.append(0x0C)
        case UInt8(ascii: "n"): undone.append(0x0A)
        case UInt8(ascii: "r"): undone.append(0x0D)
        case UInt8(ascii: "t"): undone.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            guard (0xD800...0xDBFF).contains(first) else { return try append(first, to: &undone) }
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw Fault() }
            let second = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(second) else { throw Fault() }
            try append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), to: &undone)
        default: throw Fault()
        }
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        guard bytes.count - place >= 4 else { throw Fault() }
        var value: UInt32 = 0
        for _ in 0..<4 {
            switch bytes[place] {
            case let digit where (0x30...0x39).contains(digit): value = value << 4 | UInt32(digit - 0x30)
            case let digit where (0x41...0x46).contains(digit): value = value << 4 | UInt32(digit - 0x41 + 10)
            case let digit where (0x61...0x66).contains(digit): value = value << 4 | UInt32(digit - 0x61 + 10)
            default: throw Fault()
            }
            place += 1
        }
        return value
    }

    private func append(_ code: UInt32, to undone: inout [UInt8]) throws(Fault) {
        guard let scalar = Unicode.Scalar(code) else { throw Fault() }
        undone += Array(String(Character(scalar)).utf8)
    }
}
