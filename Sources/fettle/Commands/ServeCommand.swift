import Basics
import HTTP
import Subprocess
import Policy
import Storage

enum ServeCommand: Command {
    /// SIGTERM to exit, all in all under 25 s: orchestrators kill at 30.
    private static let grace = Duration.seconds(10)

    static let description = CommandDescription(
        path: ["serve"], summary: "run the webhook app",
        details: """
            Reads fettle.yml (or the file FETTLE_CONFIG names) and the environment. The first line on standard output is
            "listening on http://HOST:PORT"; log lines are JSON on standard error. SIGTERM finishes what is under way and exits 0 within 25 s.

            Exit status: 0 stopped by a signal; 2 something here must be changed first: a fault in the configuration, an address that is taken or
            not ours, a database that another process holds or that is none; 3 something is out of order: no room on the disk, no database server.

            settings (README.md says more; a secret's …_FILE names a file that holds it):
            \(settings)
            """)

    private static var settings: String {
        let names = ConfigurationKey.all.map { $0.variable + ($0.fileVariable == nil ? "" : ", …_FILE") }
        let width = names.map(\.count).max() ?? 0
        let lines = zip(names, ConfigurationKey.all).map { name, key in
            let fallback = key.defaultText.map { " (default: \($0))" } ?? ""
            return "  " + name + String(repeating: " ", count: width - name.count + 2) + key.meaning + fallback
        }
        return lines.joined(separator: "\n")
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        if configuration.previews.allowsCommands { ProcessPrivacy.forbidLookingIn() }
        // Before anything that takes time: a signal meanwhile must not be lost.
        let signals = TerminationSignals.stream()
        let redactor = Redactor(secrets: configuration.secrets)
        let logger = Logger.standardError(minimum: configuration.logLevel) { redactor.redact($0).text }
        let service: Service
        do {
            service = try await Service(
                configuration, http: CurlHTTPClient(), clock: context.clock, random: context.random, logger: logger,
                crashPoints: .wanted(context.environment), settingsFile: context.environment["FETTLE_CONFIG"] ?? "fettle.yml")
        } catch let error as DatabaseError {
            throw StartFault.explaining(error, configuration.database)
        }
        for problem in Readiness(configuration).problems { logger.warning("not ready", ["problem": .string(problem)]) }
        for surprise in Readiness.surprises(in: configuration) { logger.warning("half configured", ["problem": .string(surprise)]) }
        do {
            try await service.run(until: signals, grace: grace) { address in
                context.print("listening on http://\(address)")
            }
        } catch let error as HTTPServerError {
            throw StartFault.explaining(error)
        }
        logger.info("stopped")
        return .done
    }
}
