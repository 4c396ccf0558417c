import Basics
import FailureAnalysis
import Policy
import Review

enum LogsExcerptCommand: Command {
    static let description = CommandDescription(
        path: ["logs", "excerpt"],
        summary: "print the lines of a failed run's log that tell why it failed",
        positionals: "FILE…",
        options: [
            CommandOption("--lines", value: "N", repeats: true, default: "100", help: "budget of lines; several give one excerpt each"),
            CommandOption("--tokens", value: "N", repeats: true, help: "budget of a model's tokens, by estimate, instead of lines"),
            CommandOption("--format", choices: ["text", "jsonl"], default: "text", help: "text for people, or one JSON object a line"),
        ],
        details: """
            Deterministic, no model. Credentials are taken out of the text printed. Lines are split at CRLF, LF or a bare CR and counted from 1.
            jsonl: {"version": 1, "file": …, "lines": N, "ranges": [[first, last], …], "reasons": […]}; at most 20 ranges. With --tokens
            "lines" counts the lines chosen, and "tokens" is the budget.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let tokens = try arguments.integers("--tokens", in: 1...10_000_000)
        let budgets = tokens.isEmpty || arguments.flag("--lines") ? try arguments.integers("--lines", in: 1...100_000) : []
        guard !arguments.positionals.isEmpty else { throw UsageError("no log is named") }
        let analyzer = try LogAnalyzer()
        for path in arguments.positionals {
            let file = LogFile(path)
            let table = try analyzer.read(file)
            let isJSON = arguments.value("--format") == "jsonl"
            for (budget, excerpt) in zip(budgets, analyzer.excerpts(of: table, lines: budgets)) {
                if isJSON { context.print(json(path, budget, excerpt).text) } else { try print(excerpt, file, table, in: context) }
            }
            for budget in tokens {
                let excerpt = try analyzer.excerpt(
                    of: table, in: file, tokens: TokenCount(budget), redactor: Redactor(), estimate: TokenEstimate.tokens)
                if isJSON {
                    context.print(json(path, excerpt.lineCount, excerpt, tokens: budget).text)
                } else {
                    try print(excerpt, file, table, in: context)
                }
            }
        }
        return .done
    }

    private static func json(_ path: String, _ budget: Int, _ excerpt: Excerpt, tokens: Int? = nil) -> JSONValue {
        let ranges = excerpt.ranges.map { range -> JSONValue in
            [.integer(Int64(range.lines.lowerBound)), .integer(Int64(range.lines.upperBound))]
        }
        var object: [String: JSONValue] = [
            "version": 1, "file": .string(path), "lines": .integer(Int64(budget)), "ranges": .array(ranges),
            "reasons": .array(excerpt.ranges.map { .string($0.reason) }),
        ]
        if let tokens { object["tokens"] = .integer(Int64(tokens)) }
        return .object(object)
    }

    private static func print(_ excerpt: Excerpt, _ file: LogFile, _ table: LineTable, in context: CommandContext) throws {
        context.print("\(file.path): \(excerpt.lineCount) of \(table.count) lines")
        for range in try excerpt.texts(from: file, redactor: Redactor()) {
            context.print("── lines \(range.lines.lowerBound)–\(range.lines.upperBound): \(range.reason)")
            for line in range.texts { context.print(line.raw) }
        }
    }
}
