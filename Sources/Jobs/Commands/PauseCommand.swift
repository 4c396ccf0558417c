import Basics
import Policy

/// `/pause`: silence on new pushes of this pull request.
struct PauseCommand: CommentCommand {
    let name = "pause"
    let meaning = "stay silent on new pushes"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return Pause()
    }

    private struct Pause: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            let (pullRequest, login, now) = (
                ReviewRequest.concurrencyKey(invocation.pullRequest), invocation.login, invocation.job.clock.now
            )
            try await invocation.job.write { try ReviewMemory.pause(pullRequest, by: login, at: now, $0) }
            return CommandAnswer("I stay silent on new pushes here until somebody says `/resume`. `/review` still works.")
        }
    }
}
