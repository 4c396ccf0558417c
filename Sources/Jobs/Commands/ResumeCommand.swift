import Basics
import Policy

/// `/resume`: the end of `/pause`.
struct ResumeCommand: CommentCommand {
    let name = "resume"
    let meaning = "review new pushes again"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return Resume()
    }

    private struct Resume: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            let pullRequest = ReviewRequest.concurrencyKey(invocation.pullRequest)
            try await invocation.job.write { try ReviewMemory.resume(pullRequest, $0) }
            // What was pushed meanwhile is looked at, unless it was reviewed.
            return CommandAnswer(
                "I review new pushes again.", jobs: [ReviewRequest(pullRequest: invocation.pullRequest, isAskedFor: false).job])
        }
    }
}
