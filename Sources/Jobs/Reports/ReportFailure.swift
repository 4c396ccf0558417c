import Basics
import FailureAnalysis
package import Forge
package import Kubernetes
package import Policy

/// Reads a run that somebody reported, explains it, and keeps the issue about it through `IncidentDesk`.
package struct ReportFailure: JobHandler {
    package let kind = ReportFailureRequest.kind
    private let reader: FailedRunReader
    private let desk: IncidentDesk
    private let logs: LogReading
    private let repositories: ReportedRepositories
    private let hosts: [ForgeKind: String]
    private let redactor: Redactor
    private let explainer: FailureExplainer?
    /// Causes of one run that a model is asked about.
    private static let mostExplained = 3

    /// - Parameters:
    ///   - explainer: `nil` without a model.
    ///   - hosts: of the forges that are configured, to know a run's repository by its address.
    package init(
        cluster: KubernetesClient, desk: IncidentDesk, repositories: ReportedRepositories, hosts: [ForgeKind: String], redactor: Redactor,
        explainer: FailureExplainer? = nil
    ) {
        self.explainer = explainer
        reader = FailedRunReader(cluster: cluster)
        self.desk = desk
        self.repositories = repositories
        self.hosts = hosts
        self.redactor = redactor
        logs = LogReading(redactor: redactor)
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ReportFailureRequest.self)
        do {
            return try await report(request, job)
        } catch let error where Self.isFinal(error, job) {
            let words = error as? any CustomStringConvertible
            try await answer(.init(.error, words?.description ?? "\(error)"), uid: "", request, job)
            throw error
        }
    }

    /// Whoever waits is told an error that no further attempt will mend.
    private static func isFinal(_ error: any Error, _ job: JobContext) -> Bool {
        if error is JobAction.Refusal || error is CancellationError { return false }
        if job.isLastAttempt { return true }
        return (error as? any RetryAdvising)?.retryAdvice == .never
    }

    private func report(_ request: ReportFailureRequest, _ job: JobContext) async throws -> JobOutcome {
        let known = try await job.read { try FailureReports.find(request.run, in: $0) }
        let account: RunAccount
        do throws(ClusterError) { account = try await reader.account(of: request.run) } catch {
            // Told before, and gone since: what was said stands.
            guard case .notFound = error, let known, known.answer.status == .success else { throw error }
            try await answer(known.answer, uid: known.uid, request, job)
            return .done
        }
        if let known, known.answer.status == .success, known.uid == account.uid, case .failed = account.outcome {
            try await answer(known.answer, uid: known.uid, request, job)
            return .done
        }
        if account.outcome == .cancelled {
            try await answer(.init(.success, "No issue: the run was cancelled, which says nothing about the code"), account, request, job)
            return .done
        }
        if case .notFailed(let because) = account.outcome, account.succeededTasks.isEmpty {
            try await answer(.init(.success, "No issue: \(because)"), account, request, job)
            return .done
        }
        let repository: RepositoryReference
        switch repositories.choose(claimed: account.source.repositories, hosts: hosts) {
        case .none(let because): throw JobFailure(reason: because, retry: .never)
        case .repository(let chosen): repository = chosen
        }
        guard repository == request.repository else {
            // The same in the line of that repository's incidents.
            let moved = ReportFailureRequest(run: request.run, repository: repository, asked: request.asked ?? job.job.id.rawValue)
            return .done(next: [moved.job])
        }
        try await settle(account, in: repository, request, job)
        return .done
    }

    private func settle(
        _ account: RunAccount, in repository: RepositoryReference, _ request: ReportFailureRequest, _ job: JobContext
    ) async throws {
        guard case .notFailed(let because) = account.outcome else {
            let run = FinishedRun(account, try await accounts(of: account, in: repository, job), in: repository)
            try await LoggedTests.learn(from: run, job)
            let issues = try await desk.settle(run, job)
            try await answer(.init(.success, Self.words(issues, account)), account, request, job)
            return
        }
        if try await desk.waits(for: repository, job) {
            let run = FinishedRun(account, [], in: repository)
            try await LoggedTests.learn(from: run, job)
            try await desk.settle(run, job)
        }
        try await answer(.init(.success, "No issue: \(because)"), account, request, job)
    }

    /// One for each cause; of a cause that nobody was told of yet with what a model says, which may ask for the pod and its events.
    private func accounts(of account: RunAccount, in repository: RepositoryReference, _ job: JobContext) async throws -> [FailureAccount] {
        let found = try await accounts(of: account)
        guard let explainer else { return found }
        let log = LogFile(named: account.jobName, content: RunTranscript(account).bytes)
        let tools: [any InvestigationTool] = [
            PodTool(account: account), EventsTool(account: account), PastIncidentsTool(repository: repository, job: job),
        ]
        var told: [FailureAccount] = []
        for cause in found {
            let isNew = try await !desk.isTold(cause.fingerprint, in: repository, job)
            let asks = isNew && told.count < Self.mostExplained
            told.append(asks ? try await explainer.explain(cause, log: log, tools: tools, of: repository, job) : cause)
        }
        return told
    }

    private func accounts(of account: RunAccount) async throws -> [FailureAccount] {
        let transcript = RunTranscript(account)
        if let log = account.log, !log.bytes.isEmpty {
            let found = try await logs.accounts(of: LogFile(named: account.jobName, content: transcript.bytes))
            return found.map { FailureAccount($0.report.noting(transcript.notes), redactor: redactor) }
        }
        return [
            try await logs.account(
                account.jobName, statements: transcript.statements, notes: transcript.notes, failureClass: account.failureClass)
        ]
    }

    private static func words(_ issues: [IncidentDesk.Issue], _ account: RunAccount) -> String {
        if let number = account.source.pullRequest { return "Told on pull request #\(number)" }
        guard let issue = issues.first else { return "The run was counted in the issue about its cause before" }
        return "Issue \(issue.isNew ? "created" : "updated"): \(issue.address?.text ?? "#\(issue.number)")"
    }

    private func answer(
        _ answer: FailureReports.Answer, _ account: RunAccount, _ request: ReportFailureRequest, _ job: JobContext
    ) async throws {
        try await self.answer(answer, uid: account.uid ?? "", request, job)
    }

    private func answer(
        _ answer: FailureReports.Answer, uid: String, _ request: ReportFailureRequest, _ job: JobContext
    ) async throws {
        let stored = FailureReports.Stored(
            answer: .init(answer.status, redactor.redact(answer.result).text), uid: uid, job: request.asked ?? job.job.id.rawValue,
            at: job.clock.now)
        try await job.write { try FailureReports.save(stored, about: request.run, in: $0) }
    }
}

extension ClusterError: RetryAdvising {
    package var retryAdvice: RetryAdvice {
        if case .overloaded(_, let wait) = self { return .after(wait) }
        return mayPass ? .afterBackoff : .never
    }
}
