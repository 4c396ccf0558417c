import Basics
import FailureAnalysis
import Policy

enum LogsExcerptCommand: Command {
    static let description = CommandDescription(
        path: ["logs", "excerpt"],
        summary: "print the lines of a failed run's log that tell why it failed",
        positionals: "FILE…",
        options: [
            CommandOption("--lines", value: "N", repeats: true, default: "100", help: "budget of lines; several give one excerpt each"),
            CommandOption("--format", choices: ["text", "jsonl"], default: "text", help: "text for people, or one JSON object a line"),
        ],
        details: """
            Deterministic, no model. Credentials are taken out of the text printed. Lines are split at CRLF, LF or a bare CR and counted from 1.
            jsonl: {"version": 1, "file": …, "lines": N, "ranges": [[first, last], …], "reasons": […]}; at most 20 ranges.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let budgets = try arguments.integers("--lines", in: 1...100_000)
        guard !arguments.positionals.isEmpty else { throw UsageError("no log is named") }
        let analyzer = try LogAnalyzer()
        for path in arguments.positionals {
            let file = LogFile(path)
            let table = try analyzer.read(file)
            for (budget, excerpt) in zip(budgets, analyzer.excerpts(of: table, lines: budgets)) {
                if arguments.value("--format") == "jsonl" {
                    context.print(json(path, budget, excerpt).text)
                } else {
                    try print(excerpt, of: file, lineCount: table.count, in: context)
                }
            }
        }
        return .done
    }

    private static func json(_ path: String, _ budget: Int, _ excerpt: Excerpt) -> JSONValue {
        let ranges = excerpt.ranges.map { range -> JSONValue in
            [.integer(Int64(range.lines.lowerBound)), .integer(Int64(range.lines.upperBound))]
        }
        return [
            "version": 1, "file": .string(path), "lines": .integer(Int64(budget)), "ranges": .array(ranges),
            "reasons": .array(excerpt.ranges.map { .string($0.reason) }),
        ]
    }

    private static func print(_ excerpt: Excerpt, of file: LogFile, lineCount: Int, in context: CommandContext) throws {
        context.print("\(file.path): \(excerpt.lineCount) of \(lineCount) lines")
        let redactor = Redactor()
        for range in try excerpt.texts(from: file) {
            context.print("── lines \(range.lines.lowerBound)–\(range.lines.upperBound): \(range.reason)")
            for line in redactor.redact(lines: range.texts.map(\.raw)) { context.print(line) }
        }
    }
}
