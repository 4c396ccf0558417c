import Basics
import Policy

/// `/help`: what may be asked.
struct HelpCommand: CommentCommand {
    let name = "help"
    let meaning = "this list"
    let worksOnIssues = true

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return Help()
    }

    private struct Help: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            let known = CommentCommands.all.filter { $0.worksOnIssues || invocation.request.isPullRequest }
            let rows: [Markdown] = known.map { "- \(code: UntrustedText($0.usage)) – \(word: $0.meaning)" }
            return CommandAnswer(.lines(["What I understand as the first line of a comment:"] + rows))
        }
    }
}
