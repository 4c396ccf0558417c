package import Basics
import LLM

/// How a review is to be done. Defaults are quiet: few comments, only what its author is fairly sure of.
package struct ReviewSettings: Sendable, Hashable, Codable {
    /// Comments on lines in one run; the rest goes to the summary.
    package var maximumInlineComments = 5
    /// Findings below are suppressed.
    package var severityFloor = Severity.low
    /// A model's findings below are suppressed.
    package var minimumConfidence = 0.5
    /// The check fails from here on; `nil`: never.
    package var failOn: Severity?
    package var disabledRules: Set<String> = []
    /// Paths nobody wants reviewed by a model.
    package var leftOutPaths = PathPatterns()
    /// Instructions for paths, from the base branch.
    package var instructions: [PathInstruction] = []
    /// How people work in this repository, from the base branch.
    package var conventions: [RepositoryText] = []
    /// The language to write in, as a plain name; `nil`: English.
    package var language: String?
    /// A request's diff takes at most this, and less where the model's window is smaller.
    package var largestChunk: TokenCount = 24_000
    /// Requests for one review; what does not fit is named as not read.
    package var maximumChunks = 12
    package var parallelRequests = 3
    package var modelDeadline: Duration = .seconds(180)
    /// Below this share of changed lines read, the check is neutral.
    package var coverageThreshold = 0.8

    package init() {}

    func longestAnswer(of model: ModelProfile) -> TokenCount {
        min(model.longestAnswer, TokenCount(max(256, model.contextWindow.count / 3)))
    }

    /// What is left of the model's window for the diff, with room for the estimate's error. `beside`: what else a request shows.
    func chunkBudget(for model: ModelProfile, beside: TokenCount = 0) -> TokenCount {
        let window = model.contextWindow.count - longestAnswer(of: model).count - ReviewPrompt.overhead.count - beside.count
        let room = Double(max(window, 256)) * (1 - TokenEstimate.error)
        return min(largestChunk, TokenCount(Int(room)))
    }

    func leavesOut(_ path: String) -> Bool { leftOutPaths.matches(path) }

    /// Sentences added to the instructions. Our own words around operators' and maintainers' words from the base branch.
    var guidance: String {
        var text = ""
        if let language { text += "\nWrite summary, titles and bodies in \(language)." }
        for instruction in instructions { text += "\nFor files matching \(instruction.pattern): \(instruction.text)" }
        return text
    }
}

/// What maintainers ask for in files of a kind.
package struct PathInstruction: Sendable, Hashable, Codable {
    package let pattern: String
    package let text: String

    package init(pattern: String, text: String) {
        self.pattern = pattern
        self.text = text
    }
}
