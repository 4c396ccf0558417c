import Basics
import Glibc

@main
enum Fettle {
    static func main() async {
        let environment = environmentVariables()
        let context = CommandContext(
            environment: environment,
            useColour: StandardStreams.outputIsTerminal() && (environment["NO_COLOR"] ?? "").isEmpty,
            output: StandardStreams.writeOutput,
            errorOutput: StandardStreams.writeError,
            clock: SystemClock(),
            random: SystemRandom())
        let code = await CommandRegistry.run(Array(CommandLine.arguments.dropFirst()), in: context)
        if let reason = StandardStreams.outputFailure() {
            context.complain("fettle: the output could not be written: \(reason)")
            exit(ExitCode.failure.rawValue)
        }
        exit(code.rawValue)
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
