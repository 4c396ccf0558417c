/// A selection as people are told of it away from the machine that made it: what runs and why, what is saved.
package struct SelectionNotice: Sendable, Hashable, Codable {
    package enum Mode: String, Sendable, Hashable, Codable {
        /// A part runs.
        case selection
        case everything
        /// Everything runs, as too little is recorded to trust a choice.
        case observe
    }

    package struct Reason: Sendable, Hashable, Codable {
        package var rule: String
        package var reason: String
    }

    package struct Test: Sendable, Hashable, Codable {
        package var name: String
        package var because: String
        package var seconds: Double
    }

    package var mode: Mode
    package var budget: String
    /// How many would run, and how many would not: of an observation too.
    package var chosen: Int
    package var leftOut: Int
    package var seconds: Double
    package var secondsLeftOut: Double
    /// Why everything runs.
    package var rules: [Reason]
    /// The first of those chosen, in run order.
    package var tests: [Test]
    package var commands: [String]

    static let mostTests = 100
    private static let mostRules = 20
    private static let mostCommands = 20
    private static let longest = 400

    package init(_ selection: Selection, mode: Mode, commands: [String]) {
        self.mode = mode
        budget = selection.budget
        chosen = selection.run.count
        let run = Set(selection.run.map(\.unit))
        leftOut = selection.rest.count { !run.contains($0.unit) }
        seconds = selection.seconds
        secondsLeftOut = selection.secondsLeftOut
        rules = selection.everythingBecause.prefix(Self.mostRules).map {
            Reason(rule: $0.rule, reason: String($0.reason.prefix(Self.longest)))
        }
        tests = selection.run.prefix(Self.mostTests).map {
            Test(name: $0.name, because: String(($0.reasons.first ?? "fits the budget").prefix(Self.longest)), seconds: $0.seconds)
        }
        self.commands = commands.prefix(Self.mostCommands).map { String($0.prefix(2000)) }
    }
}
