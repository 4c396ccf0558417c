/// When there is a preview, and for how long; from `.fettle.yml` within the operator's bounds.
package struct PreviewPolicy: Sendable, Hashable, Codable {
    package enum When: Sendable, Hashable, Codable {
        case always
        case label(String)
        case paths([String])
        /// Only after `/preview`.
        case command
    }

    package var when: When
    package var includesDrafts: Bool
    /// Without a push or a command for so long, it goes.
    package var idleLimit: Seconds
    /// Environments of one repository at a time.
    package var cap: Int

    package init(when: When = .always, includesDrafts: Bool = true, idleLimit: Seconds = Seconds(days: 3), cap: Int = 5) {
        self.when = when
        self.includesDrafts = includesDrafts
        self.idleLimit = idleLimit
        self.cap = cap
    }
}

/// A whole number of seconds, as it is stored.
package struct Seconds: Sendable, Hashable, Codable, Comparable {
    package let count: Int64

    package init(_ count: Int64) {
        self.count = count
    }

    package init(hours: Int64) {
        count = hours.multipliedReportingOverflow(by: 3600).partialValue
    }

    package init(days: Int64) {
        count = days.multipliedReportingOverflow(by: 86_400).partialValue
    }

    package init(from decoder: any Decoder) throws {
        count = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }

    /// Reads `90m`, `36h` or `2d`; `nil` for anything else, zero, and more than a year.
    package init?(_ text: String) {
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 8, let number = Int64(text.dropLast()),
            text.first?.isNumber == true
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, product > 0, product <= 366 * 86_400 else { return nil }
        count = product
    }

    package var duration: Duration { .seconds(count) }

    package static func < (a: Seconds, b: Seconds) -> Bool { a.count < b.count }

    /// `3d`, `36h` or `90m`, the largest unit that divides it.
    package var text: String {
        if count % 86_400 == 0 { return "\(count / 86_400)d" }
        return count % 3600 == 0 ? "\(count / 3600)h" : "\(count / 60)m"
    }
}

/// What the operator allows whatever a repository says.
package struct PreviewBounds: Sendable, Hashable {
    package var longestIdle: Seconds
    package var largestCap: Int

    package init(longestIdle: Seconds = Seconds(days: 14), largestCap: Int = 20) {
        self.longestIdle = longestIdle
        self.largestCap = largestCap
    }
}
