import Basics
import FailureAnalysis
import Forge
import Policy

enum LogsAnalyzeCommand: Command {
    static let description = CommandDescription(
        path: ["logs", "analyze"],
        summary: "explain a failed run from its log: what broke, the lines that prove it, what to do next",
        positionals: "FILE…",
        options: [
            CommandOption(
                "--format", choices: ["text", "json", "markdown"], default: "text",
                help: "text for people, one JSON object a log, or Markdown")
        ],
        details: "Deterministic, no model. Credentials are taken out of everything quoted. Where no line names a cause, it says so.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard !arguments.positionals.isEmpty else { throw UsageError("no log is named") }
        let analyzer = try LogAnalyzer()
        let redactor = Redactor()
        for path in arguments.positionals {
            let report = try analyzer.report(on: LogFile(path))
            switch arguments.value("--format") {
            case "json": context.print(report.json(redactor: redactor).text)
            case "markdown": context.print(OutputHygiene(redactor: redactor).publish(report.markdown).text)
            default: context.print(report.plainText(redactor: redactor))
            }
        }
        return .done
    }
}
