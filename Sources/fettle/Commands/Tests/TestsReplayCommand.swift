import Basics
import FoundationEssentials
import TestSelection

enum TestsReplayCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "replay"],
        summary: "order each cycle of a recorded history from the cycles before it",
        options: [
            CommandOption(
                "--history", value: "FILE.csv", required: true, help: "a table with the columns cycle,test,duration,failed in time order"),
            CommandOption("--format", choices: ["jsonl"], default: "jsonl", help: "one JSON object a cycle"),
            CommandOption("--gamma", value: "G", default: "0.5", help: "how much time counts against a place in the order: 0 not, 1 only"),
        ],
        details: """
            Prints {"cycle": "ID", "order": [row, …]} for each cycle: its rows, counted from 0, in the order to run them. An order knows the
            verdicts of earlier cycles and the durations of its own rows, never its own verdicts.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let gamma = try arguments.share("--gamma")
        let history = try HistoryFile.read(arguments.value("--history") ?? "")
        var replay = HistoryReplay(gamma: gamma)
        var lines = ""
        for cycle in history.cycles {
            let order = replay.next(cycle)
            let id = JSONValue.string(cycle.id).text
            lines += "{\"cycle\":\(id),\"order\":[\(order.map(String.init).joined(separator: ","))]}\n"
        }
        context.output(lines)
        return .done
    }
}

/// Reads a recorded history; a file that cannot be read or understood is a fault of usage.
enum HistoryFile {
    static func read(_ path: String) throws -> HistoryCSV {
        let bytes = try InputFile.read(path)
        do {
            return try HistoryCSV(parsing: bytes)
        } catch {
            throw UsageError("\(path), \(error)")
        }
    }
}

enum InputFile {
    /// The bytes of a file the user named.
    static func read(_ path: String) throws(UsageError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw UsageError("'\(path)' cannot be read: \(reason(error))")
        }
    }

    static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
        case .fileReadNoPermission?: "permission denied"
        default: "\(error)"
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
