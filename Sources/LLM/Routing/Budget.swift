package import Basics

/// A ceiling on tokens and money, e.g. of a repository and day. Room is reserved before a call and settled after it, so that calls
/// side by side cannot pass the ceiling together, and a call that was cut short by a crash stays charged.
///
/// A value: whoever has a database stores it in the same transaction as the call's intent.
package struct Budget: Sendable, Hashable, Codable {
    package struct Limits: Sendable, Hashable, Codable {
        /// `nil`: no ceiling.
        package var tokens: TokenCount?
        package var money: USD?

        package init(tokens: TokenCount? = nil, money: USD? = nil) {
            self.tokens = tokens
            self.money = money
        }
    }

    package struct Amount: Sendable, Hashable, Codable {
        package var tokens: TokenCount
        package var money: USD

        package init(tokens: TokenCount, money: USD) {
            self.tokens = tokens
            self.money = money
        }

        package static let zero = Amount(tokens: 0, money: .zero)
        package static func + (a: Amount, b: Amount) -> Amount { Amount(tokens: a.tokens + b.tokens, money: a.money + b.money) }
    }

    package struct Exhausted: Error, Sendable, Hashable {
        /// Our own words, with numbers.
        package let reason: String
    }

    package let limits: Limits
    package private(set) var spent = Amount.zero
    /// Open reservations by the caller's key.
    package private(set) var reserved: [String: Amount] = [:]

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Spent and reserved together.
    package var committed: Amount { reserved.values.reduce(spent, +) }

    /// Takes room for a call at its worst. The same key again changes nothing: a repeated step is charged once.
    package mutating func reserve(_ amount: Amount, for key: String) throws(Exhausted) {
        if reserved[key] != nil { return }
        guard amount.tokens.count >= 0, amount.money.micros >= 0 else { throw Exhausted(reason: "a reservation cannot be negative") }
        try limits.check(amount, beside: committed)
        reserved[key] = amount
    }

    /// Replaces the reservation by what the call really took, even when that is more. Without a reservation nothing happens.
    package mutating func settle(_ key: String, used: Amount) {
        guard reserved.removeValue(forKey: key) != nil else { return }
        spent = spent + used
    }

    /// The call was never sent: its room is free again.
    package mutating func release(_ key: String) { reserved[key] = nil }
}

extension Budget.Limits {
    /// Whether `amount` has room beside what is committed; throws with the numbers when it has not.
    package func check(_ amount: Budget.Amount, beside committed: Budget.Amount) throws(Budget.Exhausted) {
        let after = committed + amount
        if let tokens, after.tokens > tokens {
            throw Budget.Exhausted(
                reason: "\(committed.tokens.count) of \(tokens.count) tokens are used; this call may take \(amount.tokens.count)")
        }
        if let money, after.money > money {
            throw Budget.Exhausted(
                reason:
                    "\(committed.money.micros) of \(money.micros) millionths of a dollar are used; this call may take \(amount.money.micros)"
            )
        }
    }
}
