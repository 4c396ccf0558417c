package import Basics
package import LLM
package import Policy

/// Reviews a change: built-in rules always, a model when there is one.
///
/// Never throws. Whatever a model does (down, slow, empty, cut off, nonsense) ends in a status that says so, after at most
/// three requests when none is answered.
package struct ReviewEngine: Sendable {
    private let settings: ReviewSettings
    private let rules: [any Rule]
    private let redactor: Redactor
    private let random: any RandomSource

    package init(
        settings: ReviewSettings = ReviewSettings(), rules: [any Rule] = BuiltInRules.all, redactor: Redactor,
        random: any RandomSource = SystemRandom()
    ) {
        self.settings = settings
        self.rules = rules
        self.redactor = redactor
        self.random = random
    }

    /// `others`: findings of other tools on the same change. `refuter`: looks at the model's findings a second time.
    package func review(
        _ change: Change, model: (any LanguageModel)?, others: [Finding] = [], refuter: (any LanguageModel)? = nil
    ) async -> ReviewResult {
        let ruled = ruleFindings(in: change)
        guard let model else {
            return result(change, findings: ruled + others, reading: ModelReading(withoutModel: change))
        }
        let reading = await ModelReader(change: change, settings: settings, redactor: redactor, random: random, model: model).read()
        let result = result(change, findings: ruled + others + reading.findings, reading: reading)
        guard let refuter else { return result }
        return await secondLook(at: result, of: change, by: refuter)
    }

    /// What the rules find, the switched-off ones left out.
    package func ruleFindings(in change: Change) -> [Finding] {
        rules.filter { !settings.disabledRules.contains($0.id) }.flatMap { $0.findings(in: change) }
    }

    private func secondLook(at result: ReviewResult, of change: Change, by model: any LanguageModel) async -> ReviewResult {
        let refuter = Refuter(change: change, settings: settings, redactor: redactor, random: random, model: model)
        let outcome = await refuter.refute(result.placements)
        var result = result
        result.placements = outcome.placements
        result.usage.requests += outcome.usage.requests
        result.usage.tokens = result.usage.tokens + outcome.usage.tokens
        // The review stays complete: nothing was lost, the findings are only unproven.
        if let problem = outcome.problem { result.problems.append(problem) }
        if let cause = outcome.cause { result.causes.append(cause) }
        return result
    }

    private func result(_ change: Change, findings: [Finding], reading: ModelReading) -> ReviewResult {
        var problems = reading.problems
        if !change.isWhole { problems.append("The forge did not list every file of this change.") }
        let isComplete = reading.coverage.isComplete && problems.isEmpty
        let status: ReviewResult.Status = reading.readNothing ? .failed : isComplete ? .complete : .partial
        return ReviewResult(
            status: status, model: reading.model, modelSummary: reading.summary,
            placements: Placer(change: change, settings: settings, redactor: redactor).place(findings), coverage: reading.coverage,
            usage: reading.usage, problems: problems, causes: reading.causes)
    }
}
