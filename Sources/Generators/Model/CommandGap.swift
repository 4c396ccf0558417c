import Text

/// Commands that no evidence gives, and that a model may propose: checked like any other, and written where their owner sees and keeps them.
///
/// A proposal can fill only what is unknown. It must cite a line of the repository on which the command stands word for word, and begin with
/// a tool the job sets up; it goes to `.fettle.yml`, so that later runs need no model and find the same.
package enum CommandGap {
    package static let path = ".fettle.yml"

    package struct Proposal: Sendable, Hashable {
        package let purpose: String
        package let command: String
        /// Where it says it read the command.
        package let path: String

        package init(purpose: String, command: String, path: String) {
            self.purpose = purpose
            self.command = command
            self.path = path
        }
    }

    package struct Refusal: Error, Sendable, Hashable {
        package let reason: String
    }

    /// What the first component lacks; nothing where its owner has a `.fettle.yml` already, which is theirs to write.
    package static func purposes(of model: RepositoryModel, in files: any RepositoryFiles) -> [ComponentCommand.Purpose] {
        guard let component = model.components.first, !files.paths.contains(path) else { return [] }
        return [.test, .lint].filter { component.commands($0).isEmpty }
    }

    /// The command with the line it stands on.
    package static func check(_ proposal: Proposal, model: RepositoryModel, in files: any RepositoryFiles) throws(Refusal)
        -> ComponentCommand
    {
        guard let purpose = purposes(of: model, in: files).first(where: { $0.rawValue == proposal.purpose }),
            let component = model.components.first
        else { throw Refusal(reason: "it fills nothing that is unknown") }
        let command = proposal.command
        guard SafeText.command(command), ExistingCI.isPlain(command) else { throw Refusal(reason: "it is no plain command") }
        guard ExistingCI.starts(command, component.packageManager.value) else {
            throw Refusal(reason: "it does not begin with a tool that the job sets up")
        }
        guard ExistingCI.serves(command, purpose) else { throw Refusal(reason: "its words do not say that it is a \(purpose.rawValue)") }
        let context = DetectionContext(files)
        guard SafeText.path(proposal.path), context.has(proposal.path),
            let line = context.line(in: proposal.path, where: { contains($0, command) })
        else {
            throw Refusal(reason: "it does not stand in the file it names")
        }
        return ComponentCommand(purpose, command, Evidence(proposal.path, line.number))
    }

    private static func contains(_ line: Substring, _ command: String) -> Bool { String(line).firstRange(of: command) != nil }

    private static let head = "# A model proposed these; each stands on the line named beside it."

    /// Written by `document`, and not by the owner.
    package static func isOurs(_ bytes: [UInt8]) -> Bool { bytes.starts(with: head.utf8) }

    /// `.fettle.yml` with these commands, each with the line it was read from.
    package static func document(_ commands: [ComponentCommand]) -> String {
        let lines = commands.map { "    \($0.purpose.rawValue): \(YAMLWriter.scalar($0.line)) # \($0.because)" }
        return ([head, "generate:", "  commands:"] + lines).joined(
            separator: "\n")
            + "\n"
    }
}
