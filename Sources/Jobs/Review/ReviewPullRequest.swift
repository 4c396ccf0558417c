import Basics
package import Forge
package import Policy
package import Review
import Storage

/// Reviews one pull request at its current head: is it wanted? → `ReviewRun`.
///
/// On a first review it makes at most eight calls to the forge beside those for tokens and identity.
package struct ReviewPullRequest: JobHandler {
    package let kind = ReviewRequest.kind
    private let forges: any ForgeAccess
    private let models: ReviewModels
    private let settings: ReviewSettings
    private let redactor: Redactor
    private let marker: EffectMarker?
    private let keeping: Duration?

    /// - Parameters:
    ///   - marker: `nil` where no database keeps a key: our own identity alone then tells our comments.
    ///   - keeping: how long the record of a review is kept; `nil`: not at all.
    package init(
        forges: any ForgeAccess, models: ReviewModels, settings: ReviewSettings, redactor: Redactor, marker: EffectMarker?,
        keeping: Duration? = nil
    ) {
        self.forges = forges
        self.models = models
        self.settings = settings
        self.redactor = redactor
        self.marker = marker
        self.keeping = keeping
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ReviewRequest.self)
        let client = try await forges.client(for: request.pullRequest.repository)
        let pull = try await client.pullRequest(request.pullRequest)
        let publication = ReviewPublication(
            client: client, job: job, pull: pull, hygiene: OutputHygiene(redactor: redactor),
            marks: ReviewMarks(marker: marker, pullRequest: pull.reference), checkID: { marker?.code(for: $0) ?? $0 })
        try await publication.closeOvertakenChecks()
        if let reason = try await reasonNotToLook(pull, request, job) { return try await skip(publication, job, because: reason) }
        let configuration = try await RepositoryConfiguration.load(from: client, at: pull.base.commit, in: pull.reference.repository)
        let wishes = RepositorySettings(configuration["review"])
        let verdict = SkipDecision.verdict(pull, wishes, isAskedFor: request.isAskedFor)
        guard verdict.isAllowed else { return try await skip(publication, job, because: verdict.because) }
        let run = ReviewRun(
            publication: publication, models: models, settings: wishes.applied(to: settings), redactor: redactor,
            notes: SettingsNote.lines(configuration.faults, wishes.faults), keeping: keeping)
        try await run.perform()
        let repository = pull.reference.repository
        let hasGeneratedFiles = try await job.read { try ReportDriftRequest.isWorthIt(in: repository, $0) }
        return .done(next: hasGeneratedFiles ? [ReportDriftRequest(pullRequest: pull.reference).job] : [])
    }

    /// What is known without reading the repository's settings.
    private func reasonNotToLook(_ pull: PullRequest, _ request: ReviewRequest, _ job: JobContext) async throws -> String? {
        if pull.state != .open { return "the pull request is \(pull.state.rawValue)" }
        if request.isAskedFor { return nil }
        let key = ReviewRecords.Key(pull)
        let (state, isPaused) = try await job.read {
            (try ReviewRecords.state(of: key, in: $0), try ReviewMemory.isPaused(key.pullRequest, $0))
        }
        if isPaused { return "somebody asked for silence with /pause" }
        return state == .finished ? "this head was reviewed" : nil
    }

    private func skip(_ publication: ReviewPublication, _ job: JobContext, because reason: String) async throws -> JobOutcome {
        try await job.audit("review.skipped", subject: publication.key.pullRequest, detail: ["because": .string(reason)])
        return .done
    }
}
