import Basics
package import Forge
package import LLM
package import Policy
package import Review
import Text

/// What commands may use beside the forge.
package struct CommandTools: Sendable {
    package let models: ReviewModels
    package let settings: ReviewSettings
    package let redactor: Redactor
    /// The operator lets pull requests have environments.
    package let previews: Bool
    /// The operator lets us open pull requests.
    package let mayPropose: Bool

    package init(
        models: ReviewModels, settings: ReviewSettings, redactor: Redactor, previews: Bool = false, mayPropose: Bool = false
    ) {
        self.previews = previews
        self.mayPropose = mayPropose
        self.models = models
        self.settings = settings
        self.redactor = redactor
    }

    package var prices: PriceTable { models.prices }

    /// The model to ask, within the repository's budget; `nil` when none is configured.
    package func model(for task: ModelTask, of repository: String, job: JobContext) -> (any LanguageModel)? {
        models.model(for: task, of: repository, job: job)
    }
}

/// A command somebody may give, and where it was given.
package struct CommandInvocation: Sendable {
    package let request: AnswerCommentRequest
    package let client: any ForgeClient
    package let job: JobContext
    package let tools: CommandTools
    let marks: ReviewMarks
    let marker: EffectMarker?

    /// Pull requests and issues share one numbering.
    package var pullRequest: PullRequestReference { PullRequestReference(repository: request.repository, number: request.number) }

    /// As the memory and the budget know it, e.g. `github:owner/name`.
    package var repository: String { request.repository.key }
    /// Who gave it, for rows people read; credentials taken out.
    package var login: String { tools.redactor.redact(request.author.login.raw).text }

    /// The comments of the thread the command stands in, first one first; empty when it stands in the conversation. One list of the forge.
    package func thread() async throws -> [ForgeReviewComment] {
        guard request.isOnLine || request.isReview else { return [] }
        let all = try await client.reviewComments(on: pullRequest)
        if let first = request.thread { return all.filter { $0.id == first || $0.answers == first } }
        // The newest comment with these words of this author is the one we were told of.
        guard let own = all.last(where: { $0.author.login == request.author.login && CommandText($0.body) == request.text }) else {
            return []
        }
        return all.filter { $0.path == own.path && $0.line == own.line && $0.side == own.side }
    }
}
