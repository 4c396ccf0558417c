package import FoundationEssentials

/// A moment in microseconds since 1970-01-01 00:00 UTC.
package struct Timestamp: Sendable, Hashable, Comparable, Codable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(seconds: Int64) {
        microseconds = seconds.multipliedReportingOverflow(by: 1_000_000).partialValue
    }

    /// Reads ISO 8601 as the forges write it: with `Z` or an offset, with or without fractions. `nil` for anything else.
    package init?(iso8601 text: String) {
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: fractional)) else { return nil }
        self.init(date: date)
    }

    /// Nearest representable moment; dates beyond ±290,000 years are clamped.
    package init(date: Date) {
        let scaled = (date.timeIntervalSince1970 * 1_000_000).rounded()
        microseconds = Int64(exactly: scaled) ?? (scaled < 0 ? .min : .max)
    }

    package var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.down)) }

    /// `2026-11-20T19:00:00Z`
    package var iso8601: String { date.formatted(.iso8601) }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    package static func + (a: Timestamp, b: Duration) -> Timestamp {
        let (sum, overflow) = a.microseconds.addingReportingOverflow(b.microseconds)
        return Timestamp(microseconds: overflow ? (b < .zero ? .min : .max) : sum)
    }

    package static func - (a: Timestamp, b: Duration) -> Timestamp { a + (.zero - b) }

    package static func - (a: Timestamp, b: Timestamp) -> Duration {
        let (difference, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
        return .microseconds(overflow ? (a < b ? Int64.min : .max) : difference)
    }
}

extension Duration {
    /// Whole microseconds, clamped to `Int64`.
    package var microseconds: Int64 {
        let (whole, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return components.seconds < 0 ? .min : .max }
        return whole.addingReportingOverflow(components.attoseconds / 1_000_000_000_000).partialValue
    }

    /// Whole milliseconds, clamped to `Int64`.
    package var milliseconds: Int64 { microseconds / 1000 }

    /// Seconds with their fraction.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
