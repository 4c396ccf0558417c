import Basics
import HTTP

enum DoctorCommand: Command {
    static let description = CommandDescription(
        path: ["doctor"], summary: "check configuration, database, forge and model, and say what to do",
        options: [CommandOption("--probe", help: "only ask the running server whether it is alive (for container health checks)")],
        details: """
            Every line says what was found: ok, notice (it works, perhaps not as expected), FAULT (with the fix), or – (not configured). Nothing is
            changed, except that a database file that is missing is made. The model is asked one word.
            Exit status: 0 no fault; 1 a fault was found, or with --probe the server does not answer; 2 the configuration cannot be read;
            3 doctor itself failed.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let tools = DoctorTools(http: CurlHTTPClient(), clock: context.clock, random: context.random)
        if arguments.flag("--probe") { return await probe(configuration, tools, context) }
        var isSound = true
        for check in DoctorChecks.all {
            for diagnosis in await check.diagnose(configuration, with: tools) {
                for line in diagnosis.lines { context.print(line) }
                if diagnosis.state == .bad { isSound = false }
            }
        }
        return isSound ? .done : .findings
    }

    private static func probe(_ configuration: Configuration, _ tools: DoctorTools, _ context: CommandContext) async -> ExitCode {
        let listen = configuration.listen
        guard listen.port != 0 else {
            context.complain(
                "fettle doctor: FETTLE_LISTEN has port 0, so the server took a free one that cannot be known here: name a port")
            return .usage
        }
        let host = listen.host == "0.0.0.0" ? "127.0.0.1" : listen.host == "::" ? "[::1]" : listen.isIPv6 ? "[\(listen.host)]" : listen.host
        let url = "http://\(host):\(listen.port)/livez"
        do {
            let response = try await tools.http.send(ClientRequest(.get, url, deadline: .seconds(5)))
            if response.status == 200 { return .done }
            context.complain("fettle doctor: \(url) answered \(response.status)")
        } catch {
            context.complain("fettle doctor: \(url) does not answer: \(error)")
        }
        return .findings
    }
}
