import Basics
import Forge

/// `/review`: reads the whole change again, whatever was done before.
struct ReviewAgainCommand: CommentCommand {
    let name = "review"
    let meaning = "read the whole change again"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return ReviewAgain()
    }

    private struct ReviewAgain: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            CommandAnswer(.eyes, jobs: [ReviewRequest(pullRequest: invocation.pullRequest, isAskedFor: true).job])
        }
    }
}
