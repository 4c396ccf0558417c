import Basics
import Jobs
import Policy
import Review
import Storage

/// `fettle review dismissals`: what people do not want to hear of again.
enum ReviewDismissalsCommand: Command {
    static let description = CommandDescription(
        path: ["review", "dismissals"], summary: "list findings that were dismissed with /ignore, or take one back",
        options: [
            CommandOption("--repo", value: "FORGE:OWNER/NAME", help: "of this repository only, e.g. github:octo/demo"),
            CommandOption("--forget", value: "FINDING", help: "raise this finding again: the 16 digits that the list begins with"),
        ],
        details:
            "A dismissal ends by itself after 180 days. --forget changes the database: an embedded one takes it with the server stopped.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let repository = arguments.value("--repo")
        if let text = arguments.value("--forget") { return try await forget(text, repository, configuration, context) }
        let (now, redactor) = (context.clock.now, Redactor(secrets: configuration.secrets))
        let entries = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { database in
            try await database.read { try ReviewMemory.dismissals(in: repository, at: now, $0) }
        }
        if entries.isEmpty { context.print("nothing is dismissed") }
        for entry in entries {
            let finding = entry.finding
            let words = [finding.title.raw, finding.reason?.raw ?? ""].map {
                redactor.redact(InvisibleCharacters.removed(from: $0)).text.filter { !$0.isNewline }
            }
            let end = finding.expires.map { String($0.iso8601.prefix(10)) } ?? "never"
            context.print("\(finding.fingerprint)  \(entry.repository)  \(finding.path)  until \(end)  \(entry.decidedBy): \(words[1])")
            if !words[0].isEmpty { context.print("    \(words[0])") }
        }
        return .done
    }

    private static func forget(_ text: String, _ repository: String?, _ configuration: Configuration, _ context: CommandContext)
        async throws
        -> ExitCode
    {
        guard let fingerprint = Fingerprint(text) else { throw UsageError("'\(text)' is no finding: 16 digits and letters from a to f") }
        let isKnown = try await OperatorDatabase.with(OperatorDatabase.openForWriting(configuration)) { database in
            try await database.write { try ReviewMemory.forget(fingerprint, in: repository, $0) }
        }
        context.print(isKnown ? "it will be raised again" : "it was not dismissed")
        return isKnown ? .done : .usage
    }
}

/// `fettle review bundles`: records of finished reviews.
enum ReviewBundlesCommand: Command {
    static let description = CommandDescription(
        path: ["review", "bundles"], summary: "list the records of finished reviews, or write one to a file for --replay",
        options: [
            CommandOption("--pull", value: "FORGE:OWNER/NAME#NUMBER", help: "the pull request whose newest record is written"),
            CommandOption("--commit", value: "ID", help: "the beginning of the head's id, for an older record"),
            CommandOption("--output", value: "FILE", help: "where the record goes (default: standard output)"),
        ],
        details: "FETTLE_REVIEW_KEEP_DAYS says how long records are kept.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let database = try await OperatorDatabase.open(configuration)
        guard let pull = arguments.value("--pull") else {
            let entries = try await OperatorDatabase.with(database) { try await $0.read { try ReviewBundles.list($0) } }
            if entries.isEmpty { context.print("no record is kept") }
            for entry in entries { context.print("\(entry.at.iso8601)  \(entry.pullRequest)  \(entry.head)") }
            return .done
        }
        let head = arguments.value("--commit") ?? ""
        let bytes = try await OperatorDatabase.with(database) { try await $0.read { try ReviewBundles.bundle(of: pull, head: head, $0) } }
        guard let bytes else { throw UsageError("no record of '\(pull)' is kept; 'fettle review bundles' lists those that are") }
        if let path = arguments.value("--output") {
            try OutputFile.write(bytes, to: path)
        } else {
            context.output(String(decoding: bytes, as: UTF8.self) + "\n")
        }
        return .done
    }
}

/// `fettle review forget`: everything that was remembered of a repository's reviews.
enum ReviewForgetCommand: Command {
    static let description = CommandDescription(
        path: ["review", "forget"], summary: "erase what was remembered of a repository's reviews",
        options: [CommandOption("--repo", value: "FORGE:OWNER/NAME", required: true, help: "e.g. github:octo/demo")],
        details:
            "Records, findings told, dismissals and pauses go; spending and the audit log stay. An embedded database needs its server stopped."
    )

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let repository = arguments.value("--repo") ?? ""
        guard repository.contains(":"), repository.contains("/"), !repository.contains("#") else {
            throw UsageError("'\(repository)' is no repository; write it as github:owner/name")
        }
        try await OperatorDatabase.with(OperatorDatabase.openForWriting(configuration)) { database in
            try await database.write { try ReviewBundles.erase(repository, $0) }
        }
        context.print("erased")
        return .done
    }
}
