import Basics
import FailureAnalysis
import Forge
import HTTP
import Jobs
import Policy
import Storage
import Synchronization

/// Explains a failed run with the same job as the webhook app: of the event `workflow_run`, or the run this step belongs to.
///
/// The step's summary has the whole account. With `comments` it also keeps the issue of each cause, or the pull request's one comment;
/// issues are closed by the webhook app, which remembers what was broken.
enum AnalyzeFailureTask: ActionTask {
    static let name = "analyze_failure"
    static let outputs = ["status", "causes"]
    static let needsToken = true

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let request = try request(run.surroundings)
        let clock = run.context.clock
        let http = CurlHTTPClient()
        let forges = try run.configuration.forges(http: http, clock: clock, random: run.context.random, logger: .silent)
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(Configuration.migrations)
        let queue = JobQueue(database: database, clock: clock, random: run.context.random)
        let redactor = Redactor(secrets: run.configuration.secrets)
        let desk = IncidentDesk(forges: forges, settings: run.configuration.failures, redactor: redactor, marker: nil)
        let seen = Seen()
        let model = run.configuration.languageModel(for: .failures, http: http, clock: clock, random: run.context.random)
        let job = ExplainFailedRun(
            forges: forges, desk: desk, settings: run.configuration.failures, redactor: redactor,
            explainer: model.map { FailureExplainer(model: $0, redactor: redactor) }, keepsIssues: run.inputs.postsComments,
            onReading: { read in seen.run.withLock { $0 = read } })
        var refusal: String?
        do {
            try await queue.runDirectly(request.job, by: job)
        } catch let error as ForgeError {
            // What could be read is told all the same: a token that may not write issues is usual.
            guard seen.run.withLock({ $0 }) != nil else { throw error }
            refusal = redactor.redact("\(error)").text
        }
        await database.close()
        return try report(run, seen.run.withLock { $0 }, refusal: refusal, hygiene: OutputHygiene(redactor: redactor))
    }

    private final class Seen: Sendable {
        let run = Mutex<FinishedRun?>(nil)
    }

    /// The event's run where it is about one; else the run this step is in, whose failed jobs have ended already.
    private static func request(_ surroundings: ActionSurroundings) throws(UsageError) -> ExplainRunRequest {
        if surroundings.eventName == "workflow_run", let path = surroundings.eventPath {
            let event: JSONValue
            do { event = try JSONValue(parsing: try InputFile.read(path, limit: 32 << 20)) } catch {
                throw UsageError("the event file: \(error)")
            }
            let (run, name) = (event["workflow_run"], event["repository"]?["full_name"]?.string)
            guard let id = run?["id"]?.int, let repository = name.flatMap({ RepositoryName($0) }) else {
                throw UsageError("the event file names no run")
            }
            return ExplainRunRequest(
                repository: RepositoryReference(forge: .github, name: repository), run: Int64(id),
                attempt: max(1, run?["run_attempt"]?.int ?? 1),
                conclusion: run?["conclusion"]?.string ?? "failure")
        }
        guard let repository = surroundings.repository.flatMap({ RepositoryName($0) }), let id = surroundings.runID else {
            throw UsageError("GITHUB_REPOSITORY and GITHUB_RUN_ID are not set: this runs inside a workflow")
        }
        return ExplainRunRequest(
            repository: RepositoryReference(forge: .github, name: repository), run: id, attempt: surroundings.runAttempt,
            conclusion: "failure")
    }

    private static func report(_ run: ActionRun, _ read: FinishedRun?, refusal: String?, hygiene: OutputHygiene) throws -> ExitCode {
        let accounts = read?.accounts.sorted { $0.key < $1.key }.map(\.value) ?? []
        guard !accounts.isEmpty else {
            run.print([WorkflowCommands.annotation(.notice, title: "Nothing to explain", message: "No job of this run failed.")])
            try run.files.setOutputs([("status", "nothing failed"), ("causes", "0")])
            return .done
        }
        for account in accounts {
            let title = "CI failed: \(account.report.failureClass.rawValue)"
            let words = hygiene.publishPlain(account.report.headline?.text ?? "No line of the log names a cause.", limit: 400)
            run.print([WorkflowCommands.annotation(.error, title: title, message: words.text)])
            try run.files.addSummary(hygiene.publish(account.markdown).text)
        }
        if let refusal {
            let fix =
                "The token may not write issues (\(refusal)): give the job 'permissions: issues: write'. The account is in the summary."
            run.print([WorkflowCommands.annotation(.notice, title: "No issue written", message: fix)])
        }
        try run.files.setOutputs([("status", refusal == nil ? "explained" : "not published"), ("causes", "\(accounts.count)")])
        return .done
    }
}
