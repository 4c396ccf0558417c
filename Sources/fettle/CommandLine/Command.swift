import Basics

/// One verb of the command line: a file in `Commands/` and a line in `CommandRegistry`.
protocol Command: Sendable {
    static var description: CommandDescription { get }

    /// Runs to the end; errors thrown are printed as one line and become exit status 2 (usage) or 3 (anything else).
    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode
}

/// Exit statuses are a contract.
enum ExitCode: Int32, Sendable {
    case done = 0
    /// Findings at or above `--fail-on`, drift, or conflicting evidence.
    case findings = 1
    /// Usage or configuration.
    case usage = 2
    /// Internal fault or provider outage.
    case failure = 3
}

/// Everything a command may know of its surroundings. Only `Configuration` gives meaning to `environment`.
struct CommandContext: Sendable {
    var environment: [String: String]
    /// Standard output is a terminal and `NO_COLOR` is not set.
    var useColour: Bool
    var output: @Sendable (String) -> Void
    var errorOutput: @Sendable (String) -> Void
    var clock: any Clock
    var random: any RandomSource

    /// A line on standard output.
    func print(_ line: String) { output(line + "\n") }
    /// A line on standard error: progress and complaints.
    func complain(_ line: String) { errorOutput(line + "\n") }
}

/// What `--help` prints and what the parser accepts: one table for both.
struct CommandDescription: Sendable {
    /// Words after `fettle`, e.g. `["logs", "excerpt"]`.
    var path: [String]
    /// One line, no full stop.
    var summary: String
    /// As in `FILE…`; empty when the command takes none.
    var positionals: String = ""
    var options: [CommandOption] = []
    /// Paragraphs below the options.
    var details: String = ""

    var name: String { path.joined(separator: " ") }

    var usageLine: String {
        let words = options.map { option in
            let form = option.value.map { "\(option.name) \($0)" } ?? option.name
            return (option.isRequired ? form : "[\(form)]") + (option.repeats ? "…" : "")
        }
        return (["usage: fettle"] + path + words + (positionals.isEmpty ? [] : [positionals])).joined(separator: " ")
    }

    var help: String {
        var lines = ["\(summary)", "", usageLine]
        let all = options + [CommandOption("--help", help: "print this text")]
        let width = all.map { $0.form.count }.max() ?? 0
        lines += ["", "options:"] + all.map { "  " + $0.form + String(repeating: " ", count: width - $0.form.count + 2) + $0.helpLine }
        if !details.isEmpty { lines += ["", details] }
        return lines.joined(separator: "\n") + "\n"
    }
}

struct CommandOption: Sendable {
    var name: String
    /// Placeholder of the value; `nil` for a flag.
    var value: String?
    var choices: [String]
    var repeats: Bool
    var isRequired: Bool
    var defaultValue: String?
    var help: String

    init(
        _ name: String, value: String? = nil, choices: [String] = [], repeats: Bool = false, required: Bool = false, default: String? = nil,
        help: String
    ) {
        self.name = name
        self.value = choices.isEmpty ? value : value ?? choices.joined(separator: "|")
        self.choices = choices
        self.repeats = repeats
        isRequired = required
        defaultValue = `default`
        self.help = help
    }

    var form: String { value.map { "\(name) \($0)" } ?? name }
    var helpLine: String { help + (defaultValue.flatMap { $0.isEmpty ? nil : " (default: \($0))" } ?? "") }
}
