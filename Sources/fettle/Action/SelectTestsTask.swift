import Basics
import Forge
import Jobs
import Policy
import TestSelection

/// `select_tests`: the tests worth running for the event's change, as outputs for a command line or a matrix.
enum SelectTestsTask: ActionTask {
    static let name = "select_tests"
    static let outputs = ["mode", "tests", "matrix", "commands", "command_line", "seconds_left_out"]
    static let needsToken = false

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let base = try run.inputs.base ?? eventBase(run)
        var words = ["--repo", run.surroundings.workspace, "--base", base, "--head", run.inputs.head, "--remember"]
        if !run.surroundings.branch.isEmpty { words += ["--branch", run.surroundings.branch] }
        for (name, value) in run.inputs.budget { words += [name, value] }
        let publication = TestsPublication(run)
        words += publication.historyWords
        let output = try await TestsSelectCommand.choose(ParsedArguments(words, for: TestsSelectCommand.description), in: run.stepContext)
        try report(output, run)
        await publication.show(output)
        return .done
    }

    /// Where the change began, as the event tells it.
    private static func eventBase(_ run: ActionRun) throws -> String {
        let missing = UsageError("input 'base' is empty and the event names no commit before the change: give one, e.g. origin/main")
        guard let path = run.surroundings.eventPath else { throw missing }
        let bytes: [UInt8]
        do { bytes = try InputFile.read(path, limit: 32 << 20) } catch { throw UsageError(error.description) }
        guard let event = try? JSONValue(parsing: bytes) else { throw missing }
        let base = event["pull_request"]?["base"]?["sha"]?.string ?? event["merge_group"]?["base_sha"]?.string ?? event["before"]?.string
        // A new branch has no commit before it: forty zeros.
        guard let base, base.utf8.count >= 40, base.utf8.contains(where: { $0 != UInt8(ascii: "0") }) else { throw missing }
        return base
    }

    private static func report(_ output: SelectionOutput, _ run: ActionRun) throws {
        let (notice, names, commands) = (output.notice, output.names, output.commandLines)
        let saved = notice.mode == .selection ? notice.secondsLeftOut : 0
        let hygiene = OutputHygiene(redactor: Redactor(secrets: run.configuration.secrets))
        let title = "fettle tests select: \(notice.mode.rawValue), \(names.count) to run"
        run.printGroup(title, (commands.isEmpty ? names : commands).joined(separator: "\n"))
        try run.files.addSummary(hygiene.publish(TestsText.markdown(notice), limit: .kibibytes(512)).text)
        try run.files.setOutputs([
            ("mode", notice.mode.rawValue), ("tests", names.joined(separator: "\n")),
            ("matrix", JSONValue.array(names.map { .string($0) }).text), ("commands", commands.joined(separator: "\n")),
            ("command_line", commands.joined(separator: " && ")), ("seconds_left_out", "\(Int(saved.rounded()))"),
        ])
    }
}
