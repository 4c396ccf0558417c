package import Basics
package import LLM

/// The outcome of a review, before anything is made of it for a forge or a terminal.
package struct ReviewResult: Sendable {
    package enum Status: String, Sendable, Hashable, Codable {
        /// Everything that was to be read was read.
        case complete
        /// Some of it was not; `coverage` and `problems` say what and why.
        case partial
        /// A model was to read the change and read none of it. Rules' findings are here all the same.
        case failed
    }

    package struct Usage: Sendable, Hashable {
        /// Calls to the model.
        package var requests = 0
        package var tokens = TokenUsage.none
        /// Where a price is known.
        package var cost: USD?

        package init() {}
    }

    package var status: Status
    /// The model as its server names it; `nil` when none was configured: then rules did the review alone.
    package var model: String?
    /// What the model says the change does.
    package var modelSummary: UntrustedText?
    package var placements: [Placement]
    package var coverage: Coverage
    package var usage: Usage
    /// What went wrong, in our own words.
    package var problems: [String]
    /// Behind the problems with a model, for the operator alone: names servers and quotes them, so nothing of it is published.
    package var causes: [String] = []
    /// What the reader should know although nothing went wrong with the review: faults of the repository's settings.
    package var notes: [String] = []

    package var ledger: Ledger { Ledger(placements) }

    /// Why findings are not shown, with how many each; the most usual reason first.
    var hiddenReasons: [(reason: String, count: Int)] {
        let hidden = Dictionary(grouping: placements.filter { $0.disposition == .suppressed }, by: \.reason)
        return hidden.map { (reason: $0.key, count: $0.value.count) }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }

    /// The same findings; those the forge refused a comment for are told with their file or in the summary.
    package func withoutLineComments(_ refused: [Fingerprint: String]) -> ReviewResult {
        var result = self
        for index in result.placements.indices where result.placements[index].disposition == .inline {
            guard let reason = refused[result.placements[index].fingerprint] else { continue }
            result.placements[index].disposition = .file
            result.placements[index].reason = "the forge refused a comment on the line: \(reason)"
        }
        return result
    }
}
