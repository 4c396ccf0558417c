import Basics
import Git
import TestSelection

enum TestsShardCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "shard"],
        summary: "divide tests over machines so that all are done at the same time",
        options: HistoryPlace.options + [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption("--total", value: "N", required: true, help: "how many machines there are"),
            CommandOption("--index", value: "I", help: "print this machine's tests only, counted from 0"),
            CommandOption(
                "--tests", value: "FILE", help: "the tests to divide, one a line; '-' is standard input (default: all test files)"),
            CommandOption("--format", choices: ["list", "json"], default: "list", help: "how to print"),
        ],
        details: "Longest first, by the run time that nine of ten recorded runs stay under. Every machine must be given the same history.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let total = try arguments.integer("--total", in: 1...10_000) ?? 1
        let index = try arguments.integer("--index", in: 0...(total - 1))
        let (history, problem) = try await HistoryPlace(arguments, in: context).read()
        if let problem { throw UsageError(problem) }
        let shards = Sharding.divide(try await tests(arguments, in: context), into: total, seconds: Sharding.slowSeconds(history))
        let shown = index.map { [shards[$0]] } ?? shards
        if arguments.value("--format") == "json" {
            let list = shown.map { shard -> JSONValue in
                .object([
                    "tests": .array(shard.units.map { .string($0.name) }), "seconds": .number((shard.seconds * 1000).rounded() / 1000),
                ])
            }
            context.print(JSONValue.object(["version": 1, "shards": .array(list)]).text)
        } else {
            for (place, shard) in shown.enumerated() {
                if index == nil { context.print("# shard \(place)") }
                for unit in shard.units { context.print(unit.name) }
            }
        }
        return .done
    }

    private static func tests(_ arguments: ParsedArguments, in context: CommandContext) async throws -> [TestID] {
        if let file = arguments.value("--tests") {
            do {
                let lines = try InputFile.read(file).split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
                return lines.map { TestID(String($0.filter { $0 != "\r" })) }.filter { !$0.name.isEmpty && !$0.name.hasPrefix("#") }
            } catch {
                throw UsageError("\(error)")
            }
        }
        let repository = try await ChangeReader.open(arguments.value("--repo") ?? ".", in: context)
        let head = try await repository.resolve("HEAD")
        return try await repository.files(at: head).map(\.path).filter(TestFiles.isTest).map { TestID($0) }
    }
}
