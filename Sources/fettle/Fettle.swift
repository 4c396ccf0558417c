import Basics
import Dispatch
import Glibc

@main
enum Fettle {
    /// What a script asks most often needs neither tasks nor threads; everything else runs as a task.
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--version"] {
            StandardStreams.writeOutput(VersionCommand.text + "\n")
            end(.done)
        }
        Task { end(await run(arguments)) }
        dispatchMain()
    }

    private static func run(_ arguments: [String]) async -> ExitCode {
        let environment = environmentVariables()
        let context = CommandContext(
            environment: environment,
            useColour: StandardStreams.outputIsTerminal() && (environment["NO_COLOR"] ?? "").isEmpty,
            output: StandardStreams.writeOutput,
            errorOutput: StandardStreams.writeError,
            clock: SystemClock(),
            random: SystemRandom())
        return await CommandRegistry.run(arguments, in: context)
    }

    private static func end(_ code: ExitCode) -> Never {
        guard let reason = StandardStreams.outputFailure() else { exit(code.rawValue) }
        StandardStreams.writeError("fettle: the output could not be written: \(reason)\n")
        exit(ExitCode.failure.rawValue)
    }

    /// The process environment, read once.
    private static func environmentVariables() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let pair = String(cString: pointer).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return variables
    }
}
