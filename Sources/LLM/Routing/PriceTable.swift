package import Basics

/// What tokens cost, by model and date. Prices are the operator's: we ship none, they would be wrong tomorrow.
package struct PriceTable: Sendable, Hashable, Codable {
    package struct Price: Sendable, Hashable, Codable {
        /// As the server names it; a trailing `*` matches the rest of a name.
        package let model: String
        package let validFrom: Timestamp
        /// For a million tokens.
        package let input: USD
        package let output: USD

        package init(model: String, validFrom: Timestamp, input: USD, output: USD) {
            self.model = model
            self.validFrom = validFrom
            self.input = input
            self.output = output
        }

        func matches(_ name: String) -> Bool { model.hasSuffix("*") ? name.hasPrefix(model.dropLast()) : name == model }
    }

    private let prices: [Price]

    package init(_ prices: [Price]) {
        self.prices = prices
    }

    /// The price in force at a moment: exact names before patterns, later dates before earlier ones. `nil` when none is known.
    package func price(of model: String, at now: Timestamp) -> Price? {
        let valid = prices.filter { $0.validFrom <= now && $0.matches(model) }
        return valid.max { a, b in
            if a.model.hasSuffix("*") != b.model.hasSuffix("*") { return a.model.hasSuffix("*") }
            return (a.model.utf8.count, a.validFrom) < (b.model.utf8.count, b.validFrom)
        }
    }

    /// Rounded up to a millionth of a dollar; `nil` when no price is known.
    package func cost(_ usage: TokenUsage, model: String, at now: Timestamp) -> USD? {
        price(of: model, at: now).map { price in
            USD(micros: Self.share(usage.input, price.input).addingReportingOverflow(Self.share(usage.output, price.output)).partialValue)
        }
    }

    private static func share(_ tokens: TokenCount, _ price: USD) -> Int64 {
        let (product, overflow) = Int64(clamping: max(0, tokens.count)).multipliedReportingOverflow(by: max(0, price.micros))
        if overflow { return .max / 2 }
        let (rounded, overflows) = product.addingReportingOverflow(999_999)
        return (overflows ? product : rounded) / 1_000_000
    }
}
