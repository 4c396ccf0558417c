import Basics

enum ActionCommand: Command {
    static let description = CommandDescription(
        path: ["action"], summary: "run a step of a GitHub workflow",
        details: """
            The entry of the container action in action/action.yml. Inputs come as INPUT_… variables, the event from GITHUB_EVENT_PATH,
            the API's address from GITHUB_API_URL; FETTLE_… settings are honoured, a fettle.yml in the workspace is not read.
            On a fork's pull request nothing is written to the forge: annotations and summary only, exit status 0.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let surroundings = ActionSurroundings(environment: context.environment)
        do {
            let inputs = try ActionInputs(environment: context.environment)
            let task = try ActionTasks.named(inputs.command)
            let configuration = try Configuration.loadOutsideRepository(
                environment: settings(context.environment, inputs: inputs, surroundings: surroundings))
            if surroundings.isOnRunner {
                for secret in configuration.secrets { for mask in WorkflowCommands.masks(secret) { context.print(mask) } }
            }
            guard configuration.github?.credential != nil || !task.needsToken else {
                throw UsageError("input 'github_token' is empty: give it ${{ github.token }}")
            }
            let run = ActionRun(
                inputs: inputs, surroundings: surroundings, configuration: configuration,
                files: ActionFiles(surroundings: surroundings), context: context)
            return try await task.run(run)
        } catch let error as UsageError {
            return complain("\(error)", in: context, .usage)
        } catch let error as ConfigurationError {
            return complain("\(error)", in: context, .usage)
        } catch {
            return complain("\(error)", in: context, .failure)
        }
    }

    /// The runner's facts as settings; what the operator sets himself comes first.
    private static func settings(
        _ environment: [String: String], inputs: ActionInputs, surroundings: ActionSurroundings
    ) -> [String: String] {
        // In a workflow a variable or secret that does not exist, or that a fork may not see, is an empty text.
        var environment = environment.filter { !$0.key.hasPrefix("FETTLE_") || !$0.value.isEmpty }
        if environment["FETTLE_GITHUB_URL"] == nil, let url = surroundings.apiURL { environment["FETTLE_GITHUB_URL"] = url }
        let hasOwn = ["FETTLE_GITHUB_TOKEN", "FETTLE_GITHUB_TOKEN_FILE", "FETTLE_GITHUB_APP_ID"].contains { environment[$0] != nil }
        if !hasOwn, let token = inputs.token { environment["FETTLE_GITHUB_TOKEN"] = token.reveal() }
        return environment
    }

    /// Where people look: as an annotation of the step, and on standard error.
    private static func complain(_ text: String, in context: CommandContext, _ code: ExitCode) -> ExitCode {
        context.print(WorkflowCommands.annotation(.error, title: "fettle", message: text))
        context.complain(WorkflowCommands.text("fettle action: \(text)"))
        return code
    }
}
