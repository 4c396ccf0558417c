import Basics
import Forge
import Policy
import Previews

/// `/preview`, with `stop`, `extend 2d` or `approve` behind it.
struct PreviewCommentCommand: CommentCommand {
    let name = "preview"
    let argument = "[stop | extend 2d | approve [SHA]]"
    let meaning = "bring the preview up or try it again, take it down, keep it longer, or let this head of a fork run"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        let words = argument.raw.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        switch PreviewCommandReader.read(arguments: words) {
        case .command: return Ask(words: words)
        case .unusable(let sentence): throw UnusableCommand(sentence)
        }
    }

    private struct Ask: CommandAction {
        let words: [String]

        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            if !invocation.tools.previews { return CommandAnswer("Previews are not set up on this server.") }
            return CommandAnswer(.eyes, jobs: [PreviewRequest(pullRequest: invocation.pullRequest, ask: words).job])
        }
    }
}
