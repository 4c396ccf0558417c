import Basics
package import Forge
package import Policy

/// Judges a finished attempt of a forge's own run: failures become or update issues or one comment on a pull request, successes close them.
///
/// A success costs no call to the forge while nothing in the repository is broken.
package struct ExplainFailedRun: JobHandler {
    package let kind = ExplainRunRequest.kind
    private let forges: any ForgeAccess
    private let desk: IncidentDesk
    private let logs: LogReading
    private let settings: FailureSettings
    private let explainer: FailureExplainer?
    private let redactor: Redactor
    private let keepsIssues: Bool
    private let onReading: (@Sendable (FinishedRun) -> Void)?

    /// - Parameters:
    ///   - explainer: `nil` without a model.
    ///   - keepsIssues: `false` only reads and explains.
    ///   - onReading: is told what was read, before anything is published.
    package init(
        forges: any ForgeAccess, desk: IncidentDesk, settings: FailureSettings, redactor: Redactor, explainer: FailureExplainer?,
        keepsIssues: Bool = true, onReading: (@Sendable (FinishedRun) -> Void)? = nil
    ) {
        self.keepsIssues = keepsIssues
        self.onReading = onReading
        self.explainer = explainer
        self.redactor = redactor
        self.forges = forges
        self.desk = desk
        self.settings = settings
        logs = LogReading(redactor: redactor)
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ExplainRunRequest.self)
        if !FinishedRunReader.failing.contains(request.conclusion) {
            if request.conclusion == "success" { try await job.write { try GreenRuns.note(request, in: $0) } }
            guard try await desk.waits(for: request.repository, job) else { return .done }
        }
        let client = try await forges.client(for: request.repository)
        guard let reader = client as? any WorkflowRunReader else {
            throw JobFailure(reason: "runs of \(request.repository.forge.rawValue) cannot be read", retry: .never)
        }
        let source = FinishedRunReader(client: client, reader: reader, logs: logs, settings: settings)
        let reading = try await source.read(request)
        let enricher = CauseEnricher(
            client: client, request: request, desk: desk, explainer: explainer, logReading: logs, logLimit: settings.logLimit,
            redactor: redactor, job: job)
        let finished = try await enricher.enrich(reading.run, logs: reading.logs)
        onReading?(finished)
        try await LoggedTests.learn(from: finished, job)
        if keepsIssues { try await desk.settle(finished, job) }
        return .done
    }
}
