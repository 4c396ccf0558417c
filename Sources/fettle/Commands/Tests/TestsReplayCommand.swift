import Basics
import TestSelection

enum TestsReplayCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "replay"],
        summary: "order each cycle of a recorded history from the cycles before it",
        options: [
            CommandOption(
                "--history", value: "FILE.csv", required: true, help: "a table with the columns cycle,test,duration,failed in time order"),
            CommandOption("--format", choices: ["jsonl"], default: "jsonl", help: "one JSON object a cycle"),
            CommandOption(
                "--confidence", value: "PERCENT", help: "say also how many of each order would run to catch this share of red cycles"),
            CommandOption("--gamma", value: "G", default: "0.5", help: "how much time counts against a place in the order: 0 not, 1 only"),
        ],
        details: """
            Prints {"cycle": "ID", "order": [row, …]} for each cycle: its rows, counted from 0, in the order to run them. An order knows the
            verdicts of earlier cycles and the durations of its own rows, never its own verdicts. With --confidence each object has "run",
            how many of the first would have run; all of them, while earlier red cycles are too few for a promise.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let gamma = try arguments.share("--gamma")
        let confidence = try arguments.value("--confidence").map { try TestsSelectCommand.percent($0, "--confidence") }
        let history = try HistoryFile.read(arguments.value("--history") ?? "")
        var replay = HistoryReplay(gamma: gamma)
        var lines = ""
        for cycle in history.cycles {
            let (order, run) = replay.next(cycle, confidence: confidence ?? 0)
            let id = JSONValue.string(cycle.id).text
            let more = confidence == nil ? "" : ",\"run\":\(run)"
            lines += "{\"cycle\":\(id),\"order\":[\(order.map(String.init).joined(separator: ","))]\(more)}\n"
        }
        context.output(lines)
        return .done
    }
}

/// Reads a recorded history; a file that cannot be read or understood is a fault of usage.
enum HistoryFile {
    static func read(_ path: String) throws -> HistoryCSV {
        do {
            let bytes = try InputFile.read(path, limit: 1 << 30)
            return try HistoryCSV(parsing: bytes)
        } catch {
            throw UsageError((error as? HistoryCSV.Malformed).map { "\(path), \($0)" } ?? "\(error)")
        }
    }
}

extension ParsedArguments {
    /// A number from 0 to 1.
    func share(_ name: String) throws(UsageError) -> Double {
        guard let text = value(name), let number = Double(text), (0...1).contains(number) else {
            throw UsageError("'\(name)' is '\(value(name) ?? "")'; it takes a number from 0 to 1")
        }
        return number
    }
}
