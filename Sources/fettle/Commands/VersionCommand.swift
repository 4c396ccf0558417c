enum VersionCommand: Command {
    static let version = "0.1.0"
    static var text: String { "fettle \(version)" }

    static let description = CommandDescription(path: ["version"], summary: "print the version")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        context.print(text)
        return .done
    }
}
