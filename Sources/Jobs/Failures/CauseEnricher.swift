import Basics
import FailureAnalysis
import Forge
import Policy

/// Adds to the accounts of one run what only the repository and a model can tell, for causes that nobody has been told of yet.
///
/// None of it may keep an issue from being written: what cannot be had is left out, and the audit log says why.
struct CauseEnricher: Sendable {
    /// Causes of one run that a model is asked about.
    private static let mostExplained = 3

    let client: any ForgeClient
    let request: ExplainRunRequest
    let desk: IncidentDesk
    let explainer: FailureExplainer?
    let logReading: LogReading
    let logLimit: ByteCount
    let redactor: Redactor
    let job: JobContext

    /// The same run with richer accounts.
    func enrich(_ run: FinishedRun, logs: [String: LogFile]) async throws -> FinishedRun {
        // Nothing of it would be shown anywhere.
        if run.isFork, run.pullRequest == nil { return run }
        var told: [String: FailureAccount] = [:]
        var explained = 0
        let (repository, request) = (run.repository, request)
        let green = try await job.read { try GreenRuns.last(before: request, in: $0) }
        let head = CommitID(run.commit)
        var memories = LogMemories(client: client, request: request, logs: logReading, limit: logLimit, job: job)
        let finder = SuspectFinder(client: client, repository: repository, redactor: redactor)
        var candidates: [SuspectRanking.Candidate]?
        var nearby: [UntrustedText]?
        for (fingerprint, account) in run.accounts.sorted(by: { $0.key < $1.key }) {
            if try await desk.isTold(fingerprint, in: repository, job) { continue }
            var account = account
            if let log = logs[fingerprint], !account.report.isInsufficient {
                let memory = try await memories.memory(of: log.path)
                if !memory.isEmpty, let told = try await logReading.account(fingerprint, of: log, with: memory) {
                    account = told
                }
            }
            if let head {
                account.owners = try await attempt("owners", or: []) { () async throws in
                    try await finder.owners(of: account.report, at: head)
                }
            }
            if let head, let green, run.pullRequest == nil {
                if candidates == nil {
                    candidates = try await attempt("suspects", or: []) { try await finder.candidates(since: green, to: head) }
                }
                account.suspects = finder.suspects(of: account.report, among: candidates ?? [])
            }
            if run.pullRequest == nil {
                if nearby == nil { nearby = try await changesNearby(repository, since: candidates ?? []) }
                account.nearby = nearby
            }
            if let explainer, let log = logs[fingerprint], explained < Self.mostExplained {
                explained += 1
                account = try await explainer.explain(account, log: log, tools: tools(run, green, head), of: repository, job)
            }
            told[fingerprint] = account
        }
        return run.replacing(told)
    }

    private func changesNearby(
        _ repository: RepositoryReference, since candidates: [SuspectRanking.Candidate]
    ) async throws -> [UntrustedText] {
        let (changes, now) = (NearbyChanges(redactor: redactor), job.clock.now)
        let deployed = try await attempt("deployments", or: []) { () async throws in
            try await changes.deployments(through: client, of: repository, before: now)
        }
        return deployed + changes.merges(in: candidates.map(\.commit))
    }

    private func tools(_ run: FinishedRun, _ green: CommitID?, _ head: CommitID?) -> [any InvestigationTool] {
        var tools: [any InvestigationTool] = [PastIncidentsTool(repository: run.repository, job: job)]
        guard let head else { return tools }
        tools.append(FileTool(client, run.repository, at: head, redactor: redactor))
        if let green, let reader = client as? any CommitReader { tools.append(DiffTool(reader, run.repository, from: green, to: head)) }
        return tools
    }

    private func attempt<Value: Sendable>(_ what: String, or none: Value, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ForgeError {
            if error == .cancelled { throw error }
            try await job.audit(
                "failures.left-out", subject: what, detail: ["because": .string(redactor.redact(String("\(error)".prefix(300))).text)])
            return none
        }
    }
}

extension FinishedRun {
    /// The same with these accounts in the place of those of the same cause.
    func replacing(_ accounts: [String: FailureAccount]) -> FinishedRun {
        let jobs = jobs.map { job -> Job in
            guard case .failed(let causes) = job.outcome else { return job }
            return Job(attempt: job.attempt, outcome: .failed(causes.map { accounts[$0.fingerprint] ?? $0 }))
        }
        return FinishedRun(
            repository: repository, title: title, address: address, branch: branch, commit: commit, pullRequest: pullRequest,
            isFork: isFork,
            jobs: jobs, isAskedFor: isAskedFor)
    }
}
