import Basics
import Forge
import Jobs
import Policy
import TestSelection

/// `record_tests`: learns from the reports of a test run, for later selections, and tells of failures that selections missed.
enum RecordTestsTask: ActionTask {
    static let name = "record_tests"
    static let outputs: [String] = []
    static let needsToken = false

    static func run(_ run: ActionRun) async throws -> ExitCode {
        guard !run.inputs.reports.isEmpty else {
            throw UsageError("input 'reports' is empty: name report files, or folders of them, one a line")
        }
        let publication = TestsPublication(run)
        var words = ["--repo", run.surroundings.workspace, "--branch", run.surroundings.branch]
        if run.inputs.isPartial { words.append("--partial") }
        if let base = run.inputs.base ?? publication.base { words += ["--base", base] }
        for file in run.inputs.coverage { words += ["--coverage", file] }
        words += publication.historyWords + ["--"] + run.inputs.reports
        let arguments = try ParsedArguments(words, for: TestsRecordCommand.description)
        let recording = try await TestsRecordCommand.recording(arguments, in: run.stepContext)
        let told = try await publication.keep(recording, arguments)
        let hygiene = OutputHygiene(redactor: Redactor(secrets: run.configuration.secrets))
        let failed = recording.run.outcomes.count(where: \.failed)
        run.printGroup("fettle tests record", "recorded \(Count.of(recording.run.outcomes.count, "test")), \(failed) failed")
        try run.files.addSummary(hygiene.publish(TestsText.markdown(told), limit: .kibibytes(512)).text)
        guard recording.unreadable > 0 else { return .done }
        let text = "A report could not be read; the log names it. The rest is recorded, and the next selection runs everything."
        run.print([WorkflowCommands.annotation(.warning, title: "Tests recorded in part", message: text)])
        return .findings
    }
}
