import Basics
import Synchronization

/// A command of the command line run inside a step: the same code, its output kept.
enum StepCommand {
    struct Outcome: Sendable {
        let status: ExitCode
        let output: String
    }

    static func run(_ command: any Command.Type, _ words: [String], in run: ActionRun) async throws -> Outcome {
        let kept = Mutex("")
        var context = run.context
        context.useColour = false
        context.output = { text in kept.withLock { $0 += text } }
        let complain = run.context.errorOutput
        context.errorOutput = { text in complain(text.split(separator: "\n").map { WorkflowCommands.text(String($0)) + "\n" }.joined()) }
        let status = try await command.run(ParsedArguments(words, for: command.description), in: context)
        return Outcome(status: status, output: kept.withLock { $0 })
    }
}

extension ActionRun {
    /// For code of the command line: what it says of others' text cannot be a command of the runner.
    var stepContext: CommandContext {
        var quiet = context
        quiet.useColour = false
        let (print, complain) = (context.output, context.errorOutput)
        let harmless: @Sendable (String) -> String = { text in
            text.split(separator: "\n").map { WorkflowCommands.text(String($0)) + "\n" }.joined()
        }
        quiet.output = { print(harmless($0)) }
        quiet.errorOutput = { complain(harmless($0)) }
        return quiet
    }

    /// Text of others in the step's log, unable to be a command of the runner.
    func printGroup(_ title: String, _ text: String) {
        print(WorkflowCommands.group(title, text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
    }
}
