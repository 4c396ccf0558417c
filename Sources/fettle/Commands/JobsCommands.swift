import Basics
import Jobs
import Storage

/// `fettle jobs …`: the queue, looked at and mended from outside.
enum JobsListCommand: Command {
    static let description = CommandDescription(
        path: ["jobs", "list"], summary: "list the newest jobs",
        options: [
            CommandOption(
                "--state", choices: JobState.allCases.map(\.rawValue), repeats: true, help: "only jobs in this state"),
            CommandOption("--limit", value: "N", default: "50", help: "at most so many"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "for people or for programs"),
        ])

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let limit = try arguments.integer("--limit", in: 1...10_000) ?? 50
        let states = arguments.values("--state").compactMap { JobState(rawValue: $0) }
        let configuration = try Configuration.load(environment: context.environment)
        let jobs = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { database in
            let queue = JobQueue(database: database, clock: context.clock, random: context.random)
            return try await queue.jobs(in: states.isEmpty ? JobState.allCases : states, limit: limit)
        }
        if arguments.value("--format") == "json" {
            context.print(JSONValue.object(["version": 1, "jobs": .array(jobs.map(JobReport.json))]).text)
        } else {
            for job in jobs { context.print(JobReport.line(job)) }
            if jobs.isEmpty { context.complain("no jobs") }
        }
        return .done
    }
}

enum JobsShowCommand: Command {
    static let description = CommandDescription(
        path: ["jobs", "show"], summary: "show one job and what was done for it", positionals: "ID",
        options: [CommandOption("--format", choices: ["text", "json"], default: "text", help: "for people or for programs")])

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let id = try JobReport.id(arguments)
        let configuration = try Configuration.load(environment: context.environment)
        let (job, entries) = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { database in
            let queue = JobQueue(database: database, clock: context.clock, random: context.random)
            return (try await queue.job(id), try await AuditLog(database: database).entries(of: id, limit: 1000))
        }
        guard let job else { throw UsageError("there is no job '\(id)'; 'fettle jobs list' shows them") }
        if arguments.value("--format") == "json" {
            let audit = entries.reversed().map(JobReport.json)
            context.print(JSONValue.object(["version": 1, "job": JobReport.json(job), "audit": .array(audit)]).text)
        } else {
            context.print(JobReport.page(job, entries.reversed()))
        }
        return .done
    }
}

enum JobsRetryCommand: Command {
    static let description = CommandDescription(
        path: ["jobs", "retry"], summary: "run a job again that failed for good or was cancelled", positionals: "ID")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await JobReport.change(arguments, context, verb: "retry") { try await $0.runAgain($1) }
    }
}

enum JobsCancelCommand: Command {
    static let description = CommandDescription(
        path: ["jobs", "cancel"], summary: "stop a waiting or running job for good", positionals: "ID")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try await JobReport.change(arguments, context, verb: "cancel") { try await $0.cancel($1, reason: "cancelled by hand") }
    }
}
