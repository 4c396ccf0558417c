package import Basics
import FoundationEssentials

/// The secrets we hold, in every form in which they could come back to us.
///
/// Plain, base64 at all three alignments, base64url, percent-encoded, form-encoded, hexadecimal in both cases, JSON- and
/// HTML-escaped. A secret of several lines (a private key) is also known by each long line.
package struct RegisteredSecrets: Sendable {
    /// Shorter values would turn ordinary text into marks.
    package static let shortestLength = 6

    private struct Form: Sendable {
        let bytes: [UInt8]
    }

    /// Forms by their first four bytes.
    private let forms: [UInt32: [Form]]
    /// Which first bytes begin any form: the quick way past most of a text.
    private let firstBytes: [Bool]

    package init(_ secrets: [Secret]) {
        var forms: [UInt32: [Form]] = [:]
        var firstBytes = [Bool](repeating: false, count: 256)
        let all = Set(secrets.flatMap { Self.encodings(of: $0.reveal()) })
        for bytes in all.sorted(by: { ($0.count, $1.lexicographicKey) > ($1.count, $0.lexicographicKey) }) {
            guard let key = Self.key(bytes, at: 0) else { continue }
            forms[key, default: []].append(Form(bytes: bytes))
            firstBytes[Int(bytes[0])] = true
        }
        self.forms = forms
        self.firstBytes = firstBytes
    }

    /// Where any form stands, in order, not overlapping; the longest form wins.
    func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        guard !forms.isEmpty else { return [] }
        var result: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            if firstBytes[Int(bytes[index])], let length = match(at: index, in: bytes) {
                result.append(index..<(index + length))
                index += length
            } else {
                index += 1
            }
        }
        return result
    }

    private func match(at index: Int, in bytes: [UInt8]) -> Int? {
        guard let key = Self.key(bytes, at: index) else { return nil }
        return forms[key]?.first { bytes[index...].starts(with: $0.bytes) }?.bytes.count
    }

    private static func key(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        return bytes[index..<(index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func encodings(of secret: String) -> [[UInt8]] {
        let lines = secret.split(whereSeparator: \.isNewline).filter { $0.utf8.count >= 16 }
        let values = [secret] + (lines.count > 1 ? lines.map(String.init) : [])
        return values.filter { $0.utf8.count >= shortestLength }.flatMap { value in
            let bytes = Array(value.utf8)
            let plain: [[UInt8]] = [bytes, hex(bytes, "0123456789abcdef"), hex(bytes, "0123456789ABCDEF")]
            let escaped = [
                percent(bytes, "0123456789ABCDEF", plus: false), percent(bytes, "0123456789abcdef", plus: false),
                percent(bytes, "0123456789ABCDEF", plus: true), json(value, slashes: false), json(value, slashes: true), html(value),
            ]
            return plain + escaped + base64(bytes)
        }
    }

    private static func hex(_ bytes: [UInt8], _ digits: StaticString) -> [UInt8] {
        let digits = Array(digits.description.utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// Encoded at offsets 0, 1 and 2 of a longer text; characters that mix with neighbours are left off.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { offset -> [[UInt8]] in
            let padded = [UInt8](repeating: 0, count: offset) + bytes
            let text = Array(Data(padded).base64EncodedString().utf8)
            let skipped = offset == 0 ? 0 : offset + 1
            let whole = padded.count / 3 * 4
            guard skipped < whole else { return [] }
            let standard = Array(text[skipped..<whole])
            let url = standard.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
            return standard.count >= shortestLength ? [standard, url] : []
        }
    }

    private static func percent(_ bytes: [UInt8], _ digits: StaticString, plus: Bool) -> [UInt8] {
        let digits = Array(digits.description.utf8)
        return bytes.flatMap { byte -> [UInt8] in
            if byte.isLetterOrDigit || "-_.~".utf8.contains(byte) { return [byte] }
            if plus, byte == 32 { return [UInt8(ascii: "+")] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func json(_ value: String, slashes: Bool) -> [UInt8] {
        let text = Array(JSONValue.string(value).text.utf8.dropFirst().dropLast())
        return slashes ? text.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] } : text
    }

    private static func html(_ value: String) -> [UInt8] {
        value.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            case UInt8(ascii: ">"): Array("&gt;".utf8)
            case UInt8(ascii: "\""): Array("&quot;".utf8)
            default: [byte]
            }
        }
    }
}

extension [UInt8] {
    /// Text order for equal lengths, so that the table does not depend on hashing.
    fileprivate var lexicographicKey: String { String(decoding: self, as: UTF8.self) }
}
