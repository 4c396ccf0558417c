import Basics
import Forge
import HTTP
import Jobs
import Kubernetes
import Policy
import Previews
import Storage

/// `preview`: brings the pull request's environment up, updates it, or takes it down when it is closed or no longer wanted.
///
/// The step is the check, and the job's own `environment` with the output `address` is the deployment: nothing is written to the forge.
enum PreviewTask: ActionTask {
    static let name = "preview"
    static let outputs = ["preview", "address"]
    static let needsToken = true

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let event = try ActionEvent(run.surroundings, for: "the preview")
        let clock = run.context.clock
        let (configuration, random) = (run.configuration, run.context.random)
        let previews = configuration.previews
        if previews.kubernetes != nil || previews.database != nil, configuration.markerKey == nil {
            throw UsageError("FETTLE_MARKER_KEY is not set: every run needs the same key to know the namespace or database again")
        }
        let forges = try configuration.forges(http: CurlHTTPClient(), clock: clock, random: random, logger: .silent)
        let cluster = try configuration.cluster(http: CurlHTTPClient(), clock: clock, random: random, logger: .silent)
        let redactor = Redactor(secrets: configuration.secrets + (cluster?.access.secrets ?? []))
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(Configuration.migrations)
        let marker = try await EffectMarker.load(from: database, override: configuration.markerKey)
        await database.close()
        let world = configuration.previewWorld(forges: forges, cluster: cluster, clock: clock, redactor: redactor, marker: marker)
        guard let world else {
            throw UsageError("no driver for previews is allowed: give the step 'env: FETTLE_PREVIEW_ALLOW_COMMAND: \"true\"'")
        }
        let outcome: PreviewStep.Outcome
        do {
            outcome = try await PreviewStep(world).run(event.pullRequest, mayExist: event.mayHaveEnvironment, now: clock.now)
        } catch let failure as PreviewFailure {
            return try report(failure, run, hygiene: OutputHygiene(redactor: redactor))
        }
        return try report(outcome, run, hygiene: OutputHygiene(redactor: redactor))
    }

    private static func report(_ outcome: PreviewStep.Outcome, _ run: ActionRun, hygiene: OutputHygiene) throws -> ExitCode {
        let (state, address, sentence) =
            switch outcome {
            case .up(let address, let commit): ("up", address, "The preview of \(commit.short) is up: \(address)")
            case .down(let reason): ("down", "", "The preview is gone: \(reason).")
            case .nothing(let reason): ("none", "", "There is no preview: \(reason).")
            }
        run.print([WorkflowCommands.annotation(.notice, title: "Preview", message: sentence)])
        let summary: Markdown = "### Preview" + .prose(UntrustedText(sentence))
        try run.files.addSummary(hygiene.publish(summary, limit: .kibibytes(64)).text)
        try run.files.setOutputs([("preview", state), ("address", address)])
        return .done
    }

    /// What went wrong, what to do, and the end of what the program said.
    private static func report(_ failure: PreviewFailure, _ run: ActionRun, hygiene: OutputHygiene) throws -> ExitCode {
        run.print([WorkflowCommands.annotation(.error, title: "Preview", message: "\(failure)")])
        run.printGroup("end of its output", failure.excerpt.raw)
        let summary: Markdown = "### Preview" + .prose(UntrustedText("\(failure)")) + .fence(failure.excerpt)
        try run.files.addSummary(hygiene.publish(summary, limit: .kibibytes(64)).text)
        try run.files.setOutputs([("preview", "failed"), ("address", "")])
        return failure.mayPass ? .failure : .findings
    }
}
