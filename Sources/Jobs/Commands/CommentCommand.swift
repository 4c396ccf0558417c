package import Basics
package import Forge
package import Policy

/// A word people may say to us in a comment. Adding one is one file with one of these and a line in `CommentCommands.all`.
///
/// What it takes is a closed list: nothing said in a comment can name a model, a budget or instructions.
package protocol CommentCommand: Sendable {
    /// The word behind the slash, in lower case.
    var name: String { get }
    /// What stands behind it, for `/help`, e.g. `question`; empty when nothing may.
    var argument: String { get }
    /// What it does, for `/help`: half a sentence.
    var meaning: String { get }
    /// Also on issues. Otherwise it is not heard there.
    var worksOnIssues: Bool { get }
    /// The least the commenter must be allowed to do in the repository.
    var permission: RepositoryPermission { get }

    /// Checks what stands behind the name. Pure. `argument` is at most `CommandText.longestArgument` long.
    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction
}

extension CommentCommand {
    package var argument: String { "" }
    package var worksOnIssues: Bool { false }
    package var permission: RepositoryPermission { .write }

    package var usage: String { argument.isEmpty ? "/\(name)" : "/\(name) \(argument)" }

    /// For commands that take nothing.
    package func expectNothing(_ argument: UntrustedText) throws(UnusableCommand) {
        if !argument.raw.isEmpty { throw UnusableCommand("`/\(name)` takes nothing behind it.") }
    }
}

/// A command of ours that cannot be used as it was written. The sentence is our own.
package struct UnusableCommand: Error, Sendable, Hashable {
    package let sentence: String

    package init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// A command with its arguments, ready to be carried out by somebody who may. Run again after a crash: its writes repeat harmlessly.
package protocol CommandAction: Sendable {
    func run(_ invocation: CommandInvocation) async throws -> CommandAnswer
}

/// What the commenter gets: an answer where the comment stands, or a sign on the comment alone; and work that follows.
package struct CommandAnswer: Sendable {
    package let text: Markdown?
    package let reaction: Reaction?
    /// Queued in the transaction that ends this command.
    package let jobs: [JobRequest]

    package init(_ text: Markdown, jobs: [JobRequest] = []) {
        self.text = text
        reaction = nil
        self.jobs = jobs
    }

    /// A sign says enough.
    package init(_ reaction: Reaction, jobs: [JobRequest] = []) {
        text = nil
        self.reaction = reaction
        self.jobs = jobs
    }
}
