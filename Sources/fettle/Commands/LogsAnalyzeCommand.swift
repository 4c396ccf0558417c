import Basics
import FailureAnalysis
import Forge
import HTTP
import Jobs
import LLM
import Policy

enum LogsAnalyzeCommand: Command {
    static let description = CommandDescription(
        path: ["logs", "analyze"],
        summary: "explain a failed run from its log: what broke, the lines that prove it, what to do next",
        positionals: "FILE…",
        options: [
            CommandOption(
                "--format", choices: ["text", "json", "markdown"], default: "text",
                help: "text for people, one JSON object a log, or Markdown"),
            CommandOption("--model", help: "ask the configured model too; it may read pages of this log and nothing else"),
        ],
        details: """
            Deterministic unless --model is given; then the model of FETTLE_LLM_URL and FETTLE_LLM_MODEL is asked, with at most eight tool calls.
            What it quotes must stand in the log, else its answer counts as insufficient evidence; a fix it proposes is unverified.
            Credentials are taken out of everything quoted. Where no line names a cause, it says so.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard !arguments.positionals.isEmpty else { throw UsageError("no log is named") }
        let analyzer = try LogAnalyzer()
        let asked = arguments.flag("--model") ? try Asked(context) : nil
        let redactor = asked?.redactor ?? Redactor()
        for path in arguments.positionals {
            let file = LogFile(path)
            let report = try analyzer.report(on: file, redactor: redactor)
            let explanation = await asked?.explain(report, file)
            switch arguments.value("--format") {
            case "json": context.print(LogAnalysis(report, explanation).json(redactor).text)
            case "markdown": context.print(LogAnalysis(report, explanation).markdown(redactor).text)
            default: context.print(LogAnalysis(report, explanation).plainText(redactor))
            }
        }
        return .done
    }

    /// The configured model, ready to be asked.
    private struct Asked {
        let model: any LanguageModel
        let redactor: Redactor
        let clock: any Clock

        init(_ context: CommandContext) throws {
            let configuration = try Configuration.loadOutsideRepository(environment: context.environment)
            guard
                let model = configuration.languageModel(
                    for: .failures, http: CurlHTTPClient(), clock: context.clock, random: context.random)
            else {
                throw UsageError("--model needs a model: set FETTLE_LLM_URL and FETTLE_LLM_MODEL")
            }
            self.model = model
            redactor = Redactor(secrets: configuration.secrets)
            clock = context.clock
            context.complain("fettle logs analyze: asking \(model.profile.name); this may take minutes")
        }

        func explain(_ report: FailureReport, _ file: LogFile) async -> Explanation {
            let tools = InvestigationTools([LogPageTool(file, redactor: redactor)], redactor: redactor)
            let quotes = LogQuotes(file, report: report)
            return await FailureInvestigation(model: model, tools: tools, redactor: redactor, clock: clock)
                .explain(report) { quotes.stand($0, in: $1) }
        }
    }
}
