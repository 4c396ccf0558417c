package import Basics

/// What somebody asks of us in a comment: a word from a closed list, with arguments that cannot steer anything else.
///
/// There is no way to name a model, a budget or instructions here, and none will be added.
package enum ReviewCommand: Sendable, Hashable {
    /// Read the whole change again.
    case review
    /// A question about the change; the answer goes to the same thread.
    case ask(question: UntrustedText)
    /// In a thread of ours: never raise this finding again.
    case ignore(reason: UntrustedText)
    case pause
    case resume
    case help

    /// A comment that begins like a command.
    package enum Reading: Sendable, Hashable {
        case command(ReviewCommand)
        /// Ours by its name, but not usable. The sentence is our own.
        case unusable(String)
    }

    package static let longestArgument = 2000

    /// Reads the first line that is not blank; `nil` when the comment is no command of ours. Quoted and indented lines are none.
    package static func read(_ body: UntrustedText) -> Reading? {
        guard let line = body.raw.textLines.first(where: { !NormalizedCode.isBlank($0) }), line.hasPrefix("/") else { return nil }
        let name = line.dropFirst().prefix { $0.isASCII && $0.isLetter }
        let rest = line.dropFirst(1 + name.count)
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        return read(String(name).lowercased(), argument: String(rest).trimmingBlanks)
    }

    private static func read(_ name: String, argument: String) -> Reading? {
        if argument.utf8.count > longestArgument { return isKnown(name) ? .unusable("The text behind `/\(name)` is too long.") : nil }
        switch name {
        case "ask":
            return argument.isEmpty ? .unusable("`/ask` needs a question behind it.") : .command(.ask(question: UntrustedText(argument)))
        case "ignore":
            return argument.isEmpty ? .unusable("`/ignore` needs a reason behind it.") : .command(.ignore(reason: UntrustedText(argument)))
        case "review", "pause", "resume", "help":
            guard argument.isEmpty else { return .unusable("`/\(name)` takes nothing behind it.") }
            let plain: [String: ReviewCommand] = ["review": .review, "pause": .pause, "resume": .resume, "help": .help]
            return plain[name].map(Reading.command)
        default: return nil
        }
    }

    private static func isKnown(_ name: String) -> Bool { ["review", "ask", "ignore", "pause", "resume", "help"].contains(name) }

    /// What may be asked, for `/help`.
    package static let usages: [(usage: String, meaning: String)] = [
        ("/review", "read the whole change again"), ("/ask question", "answer a question about the change"),
        ("/ignore reason", "in a thread of mine: do not raise this again"), ("/pause", "stay silent on new pushes"),
        ("/resume", "review new pushes again"), ("/help", "this list"),
    ]
}
