import Basics

/// `record_tests`: learns from the reports of a test run, for later selections.
enum RecordTestsTask: ActionTask {
    static let name = "record_tests"
    static let outputs: [String] = []
    static let needsToken = false

    static func run(_ run: ActionRun) async throws -> ExitCode {
        guard !run.inputs.reports.isEmpty else {
            throw UsageError("input 'reports' is empty: name report files, or folders of them, one a line")
        }
        var words = ["--repo", run.surroundings.workspace, "--branch", run.surroundings.branch]
        if let history = run.inputs.history { words += ["--history", history] }
        if run.inputs.isPartial { words.append("--partial") }
        let outcome = try await StepCommand.run(TestsRecordCommand.self, words + ["--"] + run.inputs.reports, in: run)
        run.printGroup("fettle tests record", outcome.output)
        if outcome.status == .findings {
            let text = "A report could not be read; the log names it. The rest is recorded, and the next selection runs everything."
            run.print([WorkflowCommands.annotation(.warning, title: "Tests recorded in part", message: text)])
        }
        return outcome.status
    }
}
