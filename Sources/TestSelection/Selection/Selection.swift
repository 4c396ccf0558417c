/// Which tests to run, which not, and why.
package struct Selection: Sendable {
    package struct Choice: Sendable {
        package var unit: TestID
        /// The cases of the file that are meant, as its runner calls them; empty: the whole of it.
        package var cases: [String] = []
        /// Hard rules that fired for it; empty when its place in the order decided.
        package var rules: [RuleFinding]
        /// Estimated chance that it fails.
        package var probability: Double
        package var seconds: Double
        package var reasons: [String]

        /// For people.
        package var name: String { cases.isEmpty ? unit.name : "\(unit.name) (\(cases.count) of its cases)" }
    }

    /// In run order.
    package var run: [Choice]
    /// Left out, in the order in which they would have come.
    package var rest: [Choice]
    /// Test files that the last whole run did not collect either: no part of the suite.
    package var outside: [TestID] = []
    /// Rules that demanded everything; empty when a selection was made.
    package var everythingBecause: [RuleFinding]
    /// How the budget was found.
    package var budget: String

    package var seconds: Double { run.reduce(0) { $0 + $1.seconds } }
    package var secondsLeftOut: Double { rest.reduce(0) { $0 + $1.seconds } }
    package var isEverything: Bool { rest.isEmpty }
}
