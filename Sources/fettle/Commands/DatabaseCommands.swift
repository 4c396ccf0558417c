import Basics
import Jobs
import Storage

/// `fettle db …`: an embedded database's file, copied, checked, put back.
enum DatabaseBackupCommand: Command {
    static let description = CommandDescription(
        path: ["db", "backup"], summary: "copy the database to a file, also while the server runs", positionals: "FILE",
        details: "The copy is as of one moment, checked, and complete or absent. FILE must not exist.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let target = try DatabaseFileArgument.read(arguments)
        let configuration = try Configuration.load(environment: context.environment)
        let path = try OperatorDatabase.file(configuration, otherwise: "use pg_dump")
        try await SQLiteFile.backUp(path, to: target)
        context.print("'\(path)' is copied to '\(target)'")
        return .done
    }
}

enum DatabaseRestoreCommand: Command {
    static let description = CommandDescription(
        path: ["db", "restore"], summary: "put a backup in the place of the database; the server must be stopped", positionals: "FILE",
        details: """
            The backup is checked first. What was there stays beside it as PATH.before-restore. Comments and checks made after the backup are
            looked for on the forge before any is made again.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let backup = try DatabaseFileArgument.read(arguments)
        let configuration = try Configuration.load(environment: context.environment)
        let path = try OperatorDatabase.file(configuration, otherwise: "use pg_restore")
        try await SQLiteFile.restore(backup, to: path) { try QueueSchema.markRestored(in: $0) }
        context.print("'\(path)' is now what '\(backup)' was")
        return .done
    }
}

enum DatabaseCheckCommand: Command {
    static let description = CommandDescription(
        path: ["db", "check"], summary: "look for damage in the database", details: "Exit status 1 when something is wrong.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        var findings: [String] = []
        if case .sqlite(let path) = configuration.database { findings = try await SQLiteFile.check(path) }
        if findings.isEmpty {
            findings = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { try await QueueCheck.findings(in: $0) }
        }
        for finding in findings { context.print(finding) }
        if findings.isEmpty { context.print("sound") }
        return findings.isEmpty ? .done : .findings
    }
}

private enum DatabaseFileArgument {
    static func read(_ arguments: ParsedArguments) throws(UsageError) -> String {
        guard let file = arguments.positionals.first, arguments.positionals.count == 1 else { throw UsageError("give one FILE") }
        return file
    }
}
