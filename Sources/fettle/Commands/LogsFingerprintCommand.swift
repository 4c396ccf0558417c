import Basics
import FailureAnalysis

enum LogsFingerprintCommand: Command {
    static let description = CommandDescription(
        path: ["logs", "fingerprint"],
        summary: "print what stays the same when the same failure happens again",
        positionals: "FILE…",
        options: [
            CommandOption("--format", choices: ["text", "jsonl"], default: "text", help: "text for people, or one JSON object a line")
        ],
        details: """
            Deterministic, no model. Times, ids, paths, numbers and order do not change a fingerprint.
            jsonl: {"version": 1, "file": …, "fingerprint": …, "class": …, "evidence": [[first, last], …]}; lines are counted from 1.
            Classes: \(FailureClass.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard !arguments.positionals.isEmpty else { throw UsageError("no log is named") }
        let analyzer = try LogAnalyzer()
        for path in arguments.positionals {
            let file = LogFile(path)
            let fingerprint = try analyzer.fingerprint(of: file, table: analyzer.read(file))
            if arguments.value("--format") == "jsonl" {
                context.print(json(path, fingerprint).text)
            } else {
                let lines = fingerprint.evidence.map { "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")
                context.print("\(fingerprint.hex)  \(fingerprint.failureClass.rawValue)  \(path)  lines \(lines)")
            }
        }
        return .done
    }

    private static func json(_ path: String, _ fingerprint: Fingerprint) -> JSONValue {
        let evidence = fingerprint.evidence.map { range -> JSONValue in
            [.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]
        }
        return [
            "version": 1, "file": .string(path), "fingerprint": .string(fingerprint.hex),
            "class": .string(fingerprint.failureClass.rawValue), "evidence": .array(evidence),
        ]
    }
}
