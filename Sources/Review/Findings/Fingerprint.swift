/// What makes two findings the same one over many pushes: who or what kind, which file, which code. Not its wording, not its line.
///
/// 16 hexadecimal digits. Not secret and not signed: markers that carry it are.
package struct Fingerprint: Sendable, Hashable, Codable, CustomStringConvertible {
    package let text: String

    /// `nil` unless it is 16 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        self.text = text
    }

    /// `code`: the lines it is about; short ones should come with their neighbours. `repetition` counts findings alike in one run.
    package init(kind: String, path: String, code: [String], repetition: Int = 0) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in [kind, path] + code.map(NormalizedCode.line) + (repetition > 0 ? ["#\(repetition)"] : []) {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0x1F) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        text = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = try Fingerprint(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a fingerprint is 16 hexadecimal digits")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
}
