import Basics
package import LLM

/// The models of reviews and answers, and what they may cost.
package struct ReviewModels: Sendable {
    package let main: (any LanguageModel)?
    /// In place of it for single tasks.
    package let tasks: [ModelTask: any LanguageModel]
    /// Looks at the main model's findings a second time; `nil`: nobody does.
    package let refuter: (any LanguageModel)?
    package let prices: PriceTable
    /// For each repository and day (UTC).
    package let limits: Budget.Limits

    package init(
        main: (any LanguageModel)?, tasks: [ModelTask: any LanguageModel] = [:], refuter: (any LanguageModel)? = nil,
        prices: PriceTable = PriceTable([]),
        limits: Budget.Limits = Budget.Limits()
    ) {
        self.main = main
        self.tasks = tasks
        self.refuter = refuter
        self.prices = prices
        self.limits = limits
    }

    package static let none = ReviewModels(main: nil)

    /// Within the repository's budget.
    package func model(for task: ModelTask, of repository: String, job: JobContext) -> (any LanguageModel)? {
        (tasks[task] ?? main).map { budgeted($0, repository, job, task.rawValue) }
    }

    package func secondReader(for repository: String, job: JobContext) -> (any LanguageModel)? {
        refuter.map { budgeted($0, repository, job, "refute") }
    }

    private func budgeted(_ model: any LanguageModel, _ repository: String, _ job: JobContext, _ work: String) -> any LanguageModel {
        guard limits.tokens != nil || limits.money != nil else { return model }
        let key = "\(job.job.id)/\(job.job.progress.attempt)/\(work)"
        return BudgetedModel(model, ledger: job.budget(of: repository, limits: limits), prices: prices, clock: job.clock, key: key)
    }
}
