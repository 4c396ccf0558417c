/// An amount of model tokens.
package struct TokenCount: Sendable, Hashable, Comparable, Codable, ExpressibleByIntegerLiteral {
    package var count: Int

    package init(_ count: Int) { self.count = count }
    package init(integerLiteral value: Int) { count = value }
    package init(from decoder: any Decoder) throws { count = try decoder.singleValueContainer().decode(Int.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }

    package static func < (a: TokenCount, b: TokenCount) -> Bool { a.count < b.count }
    package static func + (a: TokenCount, b: TokenCount) -> TokenCount { TokenCount(a.count.addingReportingOverflow(b.count).partialValue) }
}

/// Money in millionths of a US dollar, so that sums are exact.
package struct USD: Sendable, Hashable, Comparable, Codable {
    package var micros: Int64

    package init(micros: Int64) { self.micros = micros }
    package init(from decoder: any Decoder) throws { micros = try decoder.singleValueContainer().decode(Int64.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(micros)
    }

    /// Reads `12.5`; `nil` for anything but digits with at most six behind the point.
    package init?(decimal text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts[0].utf8.count <= 9, parts.count == 1 || parts[1].utf8.count <= 6, let whole = Int64(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) + String(repeating: "0", count: 6 - parts[1].utf8.count) : "0"
        guard let micros = Int64(fraction) else { return nil }
        self.micros = whole * 1_000_000 + micros
    }

    /// With four digits behind the point, rounded up: `0.0132`.
    package var decimal: String {
        let hundreds = (max(0, micros) &+ 99) / 100
        let fraction = String(hundreds % 10_000)
        return "\(hundreds / 10_000)." + String(repeating: "0", count: 4 - fraction.utf8.count) + fraction
    }

    package static let zero = USD(micros: 0)
    package static func < (a: USD, b: USD) -> Bool { a.micros < b.micros }
    package static func + (a: USD, b: USD) -> USD { USD(micros: a.micros.addingReportingOverflow(b.micros).partialValue) }
}

/// A number of bytes. `.mebibytes(25)` is 26,214,400.
package struct ByteCount: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral {
    package var bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }
    package init(integerLiteral value: Int) { bytes = value }

    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count * 1024) }
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count * 1024 * 1024) }
    package static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }
}
