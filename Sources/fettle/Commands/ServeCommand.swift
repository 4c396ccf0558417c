import Basics
import HTTP
import Subprocess
import Policy

enum ServeCommand: Command {
    /// SIGTERM to exit, all in all under 25 s: orchestrators kill at 30.
    private static let grace = Duration.seconds(10)

    static let description = CommandDescription(
        path: ["serve"], summary: "run the webhook app",
        details: """
            Reads fettle.yml (or the file FETTLE_CONFIG names) and the environment. The first line on standard output is
            "listening on http://HOST:PORT"; log lines are JSON on standard error. SIGTERM finishes what is under way and exits 0 within 25 s.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        if configuration.previews.allowsCommands { ProcessPrivacy.forbidLookingIn() }
        // Before anything that takes time: a signal meanwhile must not be lost.
        let signals = TerminationSignals.stream()
        let redactor = Redactor(secrets: configuration.secrets)
        let logger = Logger.standardError(minimum: configuration.logLevel) { redactor.redact($0).text }
        let service = try await Service(
            configuration, http: CurlHTTPClient(), clock: context.clock, random: context.random, logger: logger,
            crashPoints: .wanted(context.environment))
        for problem in Readiness(configuration).problems { logger.warning("not ready", ["problem": .string(problem)]) }
        for surprise in Readiness.surprises(in: configuration) { logger.warning("half configured", ["problem": .string(surprise)]) }
        try await service.run(until: signals, grace: grace) { address in
            context.print("listening on http://\(address)")
        }
        return .done
    }
}
