import Basics
import Forge
import LLM
import Policy
import Review

/// `/ask question`: a model answers from the change, in the same thread.
struct AskCommand: CommentCommand {
    let name = "ask"
    let argument = "question"
    let meaning = "answer a question about the change"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        if argument.raw.isEmpty { throw UnusableCommand("`/ask` needs a question behind it.") }
        return Ask(question: argument)
    }

    private struct Ask: CommandAction {
        let question: UntrustedText

        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            guard let model = invocation.tools.model(for: .ask, of: invocation.repository, job: invocation.job) else {
                return CommandAnswer("No model is configured here, so I cannot answer questions. `/review` works without one.")
            }
            let pull = try await invocation.client.pullRequest(invocation.pullRequest)
            let change = try await ChangeLoader(client: invocation.client).load(pull)
            let thread = try await invocation.thread()
            let asked = ChangeQuestion(
                change: change, question: question, about: thread.first, earlier: thread.map(\.body), settings: invocation.tools.settings,
                redactor: invocation.tools.redactor)
            let answer = await asked.ask(model, random: invocation.job.random)
            try await record(answer, invocation)
            switch answer.outcome {
            case .answered(let text):
                let note: Markdown =
                    answer.isWhole
                    ? Markdown() : "<sub>The change is larger than what I could read at once: I saw the riskiest part of it.</sub>"
                return CommandAnswer(Markdown.prose(text, limit: .kibibytes(12)) + note)
            case .failed(let sentence): return CommandAnswer("I could not answer. \(word: sentence)")
            }
        }

        private func record(_ answer: ChangeQuestion.Answer, _ invocation: CommandInvocation) async throws {
            guard answer.usage != .none else { return }
            let cost = invocation.tools.prices.cost(answer.usage, model: answer.model, at: invocation.job.clock.now) ?? .zero
            try await invocation.job.record(
                Spend(
                    repository: invocation.request.repository.name.description, model: answer.model, promptTokens: answer.usage.input,
                    completionTokens: answer.usage.output, cost: cost))
        }
    }
}
