import Basics
import Generators
import Previews

/// `fettle preview workflow`: previews by the repository's own CI.
enum PreviewWorkflowCommand: Command {
    static let description = CommandDescription(
        path: ["preview", "workflow"], summary: "write a workflow that runs previews in the repository's own CI",
        options: [
            CommandOption(
                "--repo", value: "DIR", required: true, help: "the repository; its .fettle.yml has `preview:` with `up` and `down`"),
            CommandOption(
                "--output", value: "DIR",
                help: "folder the file is written to, as it would stand in the repository (default: the repository)"),
        ])

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let repository = arguments.value("--repo") ?? "."
        let reading = PreviewSettingsReader.read(try InputFile.read(repository + "/.fettle.yml", limit: 256 << 10))
        for fault in reading.faults { context.complain(".fettle.yml \(fault)") }
        guard let settings = reading.settings else {
            if reading.faults.isEmpty { context.complain(".fettle.yml has no part `preview`") }
            return .usage
        }
        guard let pin = ActionPins.reference("actions/checkout") else { throw OperatorError("no pin of actions/checkout is known") }
        let workflow: PreviewWorkflow
        do { workflow = try PreviewWorkflow(settings, checkout: pin) } catch { throw OperatorError(error.description) }
        let folder = arguments.value("--output") ?? repository
        let present = try? InputFile.read(folder + "/" + PreviewWorkflow.path, limit: 256 << 10)
        if let present, !String(decoding: present, as: UTF8.self).hasPrefix(PreviewWorkflow.mark) {
            context.complain(
                "'\(PreviewWorkflow.path)' is not of this command and is left as it is: rename it, or name another folder with --output")
            return .usage
        }
        try OutputTree.write(workflow.text, to: PreviewWorkflow.path, under: folder)
        context.print("written: \(PreviewWorkflow.path)")
        return .done
    }
}
