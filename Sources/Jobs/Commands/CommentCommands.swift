package import Basics

/// All commands people may give in comments. `/help` lists them in this order.
package enum CommentCommands {
    package static let all: [any CommentCommand] = [
        ReviewAgainCommand(), AskCommand(), IgnoreCommand(), PauseCommand(), ResumeCommand(), AnalyzeCommand(), PreviewCommentCommand(),
        GenerateCommentCommand(),
        HelpCommand(),
    ]

    /// The command a comment gives; `nil` when it gives none of ours.
    package static func command(in body: UntrustedText) -> (text: CommandText, command: any CommentCommand)? {
        guard let text = CommandText(body), let command = named(text.name) else { return nil }
        return (text, command)
    }

    package static func named(_ name: String) -> (any CommentCommand)? { all.first { $0.name == name } }

    /// Checks the arguments of a command.
    package static func read(_ text: CommandText, by command: any CommentCommand) throws(UnusableCommand) -> any CommandAction {
        if text.isTooLong { throw UnusableCommand("The text behind `/\(command.name)` is too long.") }
        return try command.read(text.argument)
    }
}
