import Basics
import Forge
import Policy

/// `/generate`: proposes the CI files that follow from what the repository says, in a pull request of their own.
struct GenerateCommentCommand: CommentCommand {
    let name = "generate"
    let meaning = "propose CI files from what the repository says, in a pull request of their own, or renew that one"
    let worksOnIssues = true

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return Generate()
    }

    private struct Generate: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            guard invocation.tools.mayPropose else {
                return CommandAnswer("Pull requests of mine are switched off on this server (`FETTLE_PROPOSALS`).")
            }
            let repository = invocation.request.repository
            let finder = invocation.tools.model(for: .generate, of: invocation.repository, job: invocation.job).map {
                CommandFinder(model: $0, redactor: invocation.tools.redactor, random: invocation.job.random)
            }
            let desk = SetupDesk(
                client: invocation.client, repository: repository, redactor: invocation.tools.redactor, marker: invocation.marker,
                job: invocation.job, finder: finder)
            let outcome = try await desk.propose(isAskedFor: true)
            try await desk.record(outcome)
            let text = SetupText(hygiene: OutputHygiene(redactor: invocation.tools.redactor))
            return CommandAnswer(text.answer(outcome, site: invocation.client.site, repository: repository))
        }
    }
}
