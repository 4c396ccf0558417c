import Basics
import Forge
import HTTP
import Jobs
import Policy
import Review
import Storage

/// Reviews the pull request of the event with the same job as the webhook app, over a database in memory.
enum ReviewTask: ActionTask {
    static let name = "review"
    static let outputs = ["status", "conclusion", "found", "posted", "demoted", "suppressed"]
    static let needsToken = true

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let event = try ActionEvent(run.surroundings, for: "the review")
        let clock = run.context.clock
        let http = CurlHTTPClient()
        let access = try run.configuration.forges(http: http, clock: clock, random: run.context.random, logger: .silent)
        let forge = ActionForge(
            try await access.client(for: event.pullRequest.repository), mayComment: run.inputs.postsComments && !event.isFromFork)
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(Configuration.migrations)
        let queue = JobQueue(database: database, clock: clock, random: run.context.random)
        var settings = run.configuration.reviewSettings
        settings.failOn = run.inputs.failOn
        let job = ReviewPullRequest(
            forges: forge, models: run.configuration.reviewModels(http: http, clock: clock, random: run.context.random),
            settings: settings, redactor: Redactor(secrets: run.configuration.secrets), marker: nil)
        try await queue.runDirectly(ReviewRequest(pullRequest: event.pullRequest, isAskedFor: false).job, by: job)
        let audit = AuditLog(database: database)
        let verdict = try await audit.entries(action: ReviewCheck.auditAction, limit: 1).first?.entry.detail
        let skipped = try await audit.entries(action: "review.skipped", limit: 1).first?.entry.detail["because"]?.string
        await database.close()
        return try report(run, event, forge.kept, verdict: verdict ?? [:], skipped: skipped)
    }

    /// Annotations, the step's summary and outputs. A fork's pull request never fails: its author could not have known what we would find.
    private static func report(
        _ run: ActionRun, _ event: ActionEvent, _ kept: ActionForge.Kept, verdict: [String: JSONValue], skipped: String?
    ) throws -> ExitCode {
        guard let check = kept.check, case .completed(let conclusion) = check.status else {
            let reason = skipped ?? "it has ended"
            run.print([
                WorkflowCommands.annotation(.notice, title: "Not reviewed", message: "The pull request was not reviewed: \(reason).")
            ])
            try run.files.setOutputs([("status", "skipped"), ("conclusion", "skipped")])
            return .done
        }
        let annotations = ReviewAnnotations(check)
        run.print(annotations.commands)
        run.print(notes(kept, leftOut: annotations.leftOut, verdict: verdict))
        let lines = check.summary.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        run.print(WorkflowCommands.group(check.title.text, lines))
        try run.files.addSummary(check.summary.text)
        let counts = ["found", "posted", "demoted", "suppressed"].map { (name: $0, value: "\(verdict[$0]?.int ?? 0)") }
        try run.files.setOutputs(
            [("status", verdict["status"]?.string ?? "failed"), ("conclusion", conclusion.rawValue)] + counts)
        return conclusion == .failure && !event.isFromFork ? .findings : .done
    }

    private static func notes(_ kept: ActionForge.Kept, leftOut: Int, verdict: [String: JSONValue]) -> [String] {
        var notes: [String] = []
        if leftOut > 0 { notes.append("\(leftOut) more findings are in the step's summary: GitHub shows ten annotations of a kind.") }
        if let refusal = kept.refusal {
            let fix =
                "The token may not comment (\(refusal)): give the job 'permissions: pull-requests: write'. The findings are in the summary."
            notes.append(WorkflowCommands.annotation(.notice, title: "No comments posted", message: fix))
        }
        if verdict["status"]?.string == "failed" {
            let text = "The model read nothing of this change; the summary says why. Rules reviewed it alone."
            notes.append(WorkflowCommands.annotation(.warning, title: "Model not available", message: text))
        }
        return notes
    }
}
