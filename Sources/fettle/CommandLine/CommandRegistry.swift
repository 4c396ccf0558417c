/// All commands, in the order `fettle --help` lists them.
enum CommandRegistry {
    static let commands: [any Command.Type] = [
        ReviewCommand.self,
        ReviewDismissalsCommand.self,
        ReviewBundlesCommand.self,
        ReviewForgetCommand.self,
        ActionCommand.self,
        GenerateWorkflowCommand.self,
        GenerateDockerfileCommand.self,
        GenerateDependabotCommand.self,
        GeneratePinsCommand.self,
        GenerateReportCommand.self,
        DemoCommand.self,
        ServeCommand.self,
        DoctorCommand.self,
        JobsListCommand.self,
        JobsShowCommand.self,
        JobsRetryCommand.self,
        JobsCancelCommand.self,
        PreviewListCommand.self,
        PreviewSweepCommand.self,
        PreviewLeaksCommand.self,
        PreviewUpCommand.self,
        PreviewDownCommand.self,
        PreviewWorkflowCommand.self,
        DatabaseBackupCommand.self,
        DatabaseRestoreCommand.self,
        DatabaseCheckCommand.self,
        AuditVerifyCommand.self,
        TestsRecordCommand.self,
        TestsSelectCommand.self,
        TestsRankCommand.self,
        TestsShardCommand.self,
        TestsReportCommand.self,
        TestsCoverageCommand.self,
        TestsReplayCommand.self,
        VerifyWorkflowCommand.self,
        LogsExcerptCommand.self,
        LogsFingerprintCommand.self,
        LogsAnalyzeCommand.self,
        VersionCommand.self,
    ]

    /// Runs the command that `words` name and returns the exit status; never throws.
    static func run(_ words: [String], in context: CommandContext) async -> ExitCode {
        guard let first = words.first else {
            context.errorOutput(overview)
            return .usage
        }
        // `fettle help review` is what `fettle review --help` is.
        if first == "help", words.count > 1 { return await run(words.dropFirst() + ["--help"], in: context) }
        if ["--help", "-h", "help"].contains(first) {
            context.output(overview)
            return .done
        }
        let words = first == "--version" ? ["version"] + words.dropFirst() : words
        guard let command = command(named: words) else { return explain(words, in: context) }
        return await run(command, Array(words.dropFirst(command.description.path.count)), in: context)
    }

    /// Words that name no command: a group lists its commands, anything else gets the nearest name.
    private static func explain(_ words: [String], in context: CommandContext) -> ExitCode {
        let group = commands.filter { $0.description.path.first == words[0] }
        if group.isEmpty {
            let hint = ParsedArguments.hint(for: words[0], among: commands.compactMap { $0.description.path.first })
            context.complain("fettle: unknown command '\(words[0])'\(hint)\nusage: fettle COMMAND …; 'fettle --help' lists the commands")
            return .usage
        }
        let lines = group.map { "  fettle \($0.description.name)  \($0.description.summary)" }
        let list = "'fettle \(words[0])' has these commands:\n" + lines.joined(separator: "\n")
        if let second = words.dropFirst().first, !["--help", "-h"].contains(second) {
            let hint = ParsedArguments.hint(for: second, among: group.compactMap { $0.description.path.dropFirst().first })
            context.complain("fettle: unknown command '\(words[0]) \(second)'\(hint)\n\(list)")
            return .usage
        }
        if words.count > 1 {
            context.print(list)
            return .done
        }
        context.complain(list)
        return .usage
    }

    private static func run(_ command: any Command.Type, _ words: [String], in context: CommandContext) async -> ExitCode {
        let description = command.description
        if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            context.output(description.help)
            return .done
        }
        do {
            return try await command.run(ParsedArguments(words, for: description), in: context)
        } catch let error as UsageError {
            context.complain("fettle \(description.name): \(error)\n\(description.usageLine)")
            return .usage
        } catch let error as ConfigurationError {
            context.complain("fettle \(description.name): \(error)")
            return .usage
        } catch {
            context.complain("fettle \(description.name): \(error)")
            return .failure
        }
    }

    /// The command with the longest path that begins `words`.
    private static func command(named words: [String]) -> (any Command.Type)? {
        commands.filter { words.starts(with: $0.description.path) }.max { $0.description.path.count < $1.description.path.count }
    }

    private static var overview: String {
        let width = commands.map { $0.description.name.count }.max() ?? 0
        let lines = commands.map { command in
            let description = command.description
            return "  " + description.name + String(repeating: " ", count: width - description.name.count + 2) + description.summary
        }
        return """
            Fettle looks after the path from a pull request to a running system.

            usage: fettle COMMAND [options]

            commands:
            \(lines.joined(separator: "\n"))

            'fettle COMMAND --help' explains one. Exit status: 0 done, 1 findings or drift, 2 usage or configuration, 3 fault or outage.

            """
    }
}
