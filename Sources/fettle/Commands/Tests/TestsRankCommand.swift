import Basics
import TestSelection

enum TestsRankCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "rank"],
        summary: "order all test files by what a change says of them",
        options: [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption("--base", value: "REV", required: true, help: "the commit before the change"),
            CommandOption("--head", value: "REV", default: "HEAD", help: "the commit after it"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "how to print"),
            CommandOption("--limit", value: "N", help: "print the first N only"),
        ],
        details: """
            Needs no record of past runs: names in the diff, file names, folders, references and common changes in the git history decide.
            The JSON is {"version": 1, "tests": [{"path", "score", "reasons", "terms"}]}, all test files, the likeliest to fail first.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let limit = try arguments.integer("--limit", in: 1...1_000_000) ?? Int.max
        let reader = try await ChangeReader(arguments, in: context)
        let base = try reader.requiredBase()
        let files = try await reader.files()
        let change = try await reader.change(from: base)
        async let history = reader.history(from: base)
        let tests = try await reader.tests(among: files)
        let sources = try await reader.sources(among: files)
        let ranking = ChangeRanking(change, tests: tests, sources: sources, history: try await history)
        let shown = ranking.tests.prefix(limit)
        if arguments.value("--format") == "json" {
            context.print(json(Array(shown)).text)
        } else {
            for test in shown { context.print("\(test.path)\n    \(test.reasons.joined(separator: "; "))") }
        }
        return .done
    }

    private static func json(_ tests: [ChangeRanking.RankedTest]) -> JSONValue {
        let list = tests.map { test in
            JSONValue.object([
                "path": .string(test.path), "score": .number(rounded(test.score)),
                "reasons": .array(test.reasons.map { .string($0) }),
                "terms": .object(Dictionary(test.terms.map { ($0.signal, .number(rounded($0.share))) }, uniquingKeysWith: { $1 })),
            ])
        }
        return ["version": 1, "tests": .array(list)]
    }

    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
