import Glibc

/// The chance that a test fails next, with the terms it is made of.
package struct FailureEstimate: Sendable, Hashable {
    /// Log-odds; the sum of the terms' shares.
    package var logOdds: Double
    package var terms: [Term]

    package struct Term: Sendable, Hashable {
        package var signal: String
        /// What the term adds to the log-odds.
        package var share: Double
    }

    init(_ terms: [Term]) {
        self.terms = terms
        logOdds = terms.reduce(0) { $0 + $1.share }
    }

    /// Natural logarithm of the chance.
    package var logProbability: Double { -log1p(exp(-logOdds)) }
    package var probability: Double { 1 / (1 + exp(-logOdds)) }
}

/// Log-odds of a rate, kept finite: 0 and 1 are taken for one in ten thousand.
func logOdds(_ rate: Double) -> Double { log((rate + 1e-4) / (1 - rate + 1e-4)) }
