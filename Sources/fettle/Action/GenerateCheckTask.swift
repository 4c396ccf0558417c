import Basics
import Forge
import Policy

/// `generate_check`: whether the generated files are still what the repository asks for.
enum GenerateCheckTask: ActionTask {
    static let name = "generate_check"
    static let outputs = ["drift"]
    static let needsToken = false

    private static let generators: [(name: String, command: any Command.Type)] = [
        ("workflow", GenerateWorkflowCommand.self), ("dockerfile", GenerateDockerfileCommand.self),
        ("dependabot", GenerateDependabotCommand.self),
    ]

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let hygiene = OutputHygiene(redactor: Redactor(secrets: run.configuration.secrets))
        var drifted: [String] = []
        var summary: Markdown = "### Generated files"
        for name in run.inputs.generators {
            guard let generator = generators.first(where: { $0.name == name }) else {
                let known = generators.map(\.name).joined(separator: ", ")
                throw UsageError("input 'generators' has '\(name)'; it takes some of \(known)")
            }
            let outcome = try await StepCommand.run(generator.command, ["--repo", run.surroundings.workspace, "--check"], in: run)
            run.printGroup("fettle generate \(name) --check", outcome.output)
            if outcome.status == .done {
                summary += "`\(word: name)`: as generated."
                continue
            }
            drifted.append(name)
            let fix =
                "The files differ from what 'fettle generate \(name)' writes, or its evidence conflicts; the log and the summary show how."
            run.print([WorkflowCommands.annotation(.error, title: "\(name): drift", message: fix)])
            summary += "`\(word: name)`: differs."
            summary += .fence(UntrustedText(outcome.output), language: "diff")
        }
        try run.files.addSummary(hygiene.publish(summary, limit: .kibibytes(512)).text)
        try run.files.setOutputs([("drift", drifted.isEmpty ? "false" : "true")])
        return drifted.isEmpty ? .done : .findings
    }
}
