import Basics

/// One value of the input `command`: a file here and a line in `ActionTasks`.
protocol ActionTask: Sendable {
    static var name: String { get }
    /// Outputs it may set, as `action.yml` lists them.
    static var outputs: [String] { get }
    /// It asks the forge, so it needs `github_token`.
    static var needsToken: Bool { get }

    static func run(_ run: ActionRun) async throws -> ExitCode
}

enum ActionTasks {
    static let all: [any ActionTask.Type] = [
        ReviewTask.self, SelectTestsTask.self, RecordTestsTask.self, GenerateCheckTask.self, AnalyzeFailureTask.self,
        PreviewTask.self,
    ]

    static func named(_ name: String) throws(UsageError) -> any ActionTask.Type {
        guard let task = all.first(where: { $0.name == name }) else {
            throw UsageError("input 'command' is '\(name)'; this version knows \(all.map { $0.name }.joined(separator: ", "))")
        }
        return task
    }
}

/// What a task of the action works with.
struct ActionRun: Sendable {
    let inputs: ActionInputs
    let surroundings: ActionSurroundings
    let configuration: Configuration
    let files: ActionFiles
    let context: CommandContext

    func print(_ lines: [String]) { for line in lines { context.print(line) } }
}
