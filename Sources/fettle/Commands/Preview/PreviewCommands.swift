import Basics
import Jobs
import Previews
import Storage

/// `fettle preview …`: environments of pull requests, looked at and mended from outside.
enum PreviewListCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "list"], summary: "list the previews of pull requests",
        options: [
            CommandOption("--all", help: "also those that are gone"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "for people or for programs"),
        ])

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let records = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { database in
            try await database.read { try PreviewRecords.all(in: $0) }
        }
        let shown = records.filter { arguments.flag("--all") || $0.preview.mayExist || $0.preview.phase != .absent }
        if arguments.value("--format") == "json" {
            context.print(JSONValue.object(["version": 1, "previews": .array(shown.map(PreviewReport.json))]).text)
        } else {
            for record in shown { context.print(PreviewReport.line(record, now: context.clock.now)) }
            if shown.isEmpty { context.complain("no previews") }
        }
        return .done
    }
}

enum PreviewSweepCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "sweep"], summary: "compare what runs with what should, mend it, and report leaks",
        details: "With an embedded database the server must be stopped. Exit status 1: something is left that nobody could take down.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await PreviewBench.open(context) { bench in
            let leaks = try await bench.sweep { context.complain($0) }
            for leak in leaks { context.print(leak) }
            if leaks.isEmpty { context.print("nothing is leaked") }
            return leaks.isEmpty ? .done : .findings
        }
    }
}

enum PreviewLeaksCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "leaks"], summary: "report what runs and should not; nothing is taken down",
        options: [CommandOption("--format", choices: ["text", "json"], default: "text", help: "for people or for programs")],
        details: "Asks every driver what it runs. Exit status 1: something is left. 'fettle preview sweep' takes it down.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await PreviewBench.open(context) { bench in
            let leaks = try await bench.leaks()
            if arguments.value("--format") == "json" {
                context.print(JSONValue.object(["version": 1, "leaks": .array(leaks.map { .string($0) })]).text)
            } else {
                for leak in leaks { context.print(leak) }
                if leaks.isEmpty { context.print("nothing is leaked") }
            }
            return leaks.isEmpty ? .done : .findings
        }
    }
}

enum PreviewUpCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "up"], summary: "bring a pull request's preview up, or try a failed one again", positionals: "OWNER/NAME#NUMBER",
        details: "As a maintainer's `/preview`; a fork's head still needs its approval. For Gitea write gitea:OWNER/NAME#NUMBER.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await PreviewBench.ask(["start"], arguments, context)
    }
}

enum PreviewDownCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "down"], summary: "take a pull request's preview down; pushes do not bring it back",
        positionals: "OWNER/NAME#NUMBER")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await PreviewBench.ask(["stop"], arguments, context)
    }
}
