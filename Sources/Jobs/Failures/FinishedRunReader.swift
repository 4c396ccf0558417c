import Basics
import FailureAnalysis
import Forge

/// Reads an attempt of a forge's own run: its jobs, and the logs of those that failed.
struct FinishedRunReader: Sendable {
    let client: any ForgeClient
    let reader: any WorkflowRunReader
    let logs: LogReading
    let settings: FailureSettings

    /// The run, and the logs that causes were found in, by fingerprint.
    struct Reading: Sendable {
        let run: FinishedRun
        let logs: [String: LogFile]
    }

    func read(_ request: ExplainRunRequest) async throws -> Reading {
        let repository = request.repository
        let run = try await reader.workflowRun(request.run, in: repository)
        let jobs = try await reader.jobs(of: request.run, attempt: request.attempt, in: repository)
        var finished: [FinishedRun.Job] = []
        var logsLeft = settings.mostLogs
        var logFiles: [String: LogFile] = [:]
        for job in jobs {
            let attempt = RunAttempt(run: run.id, attempt: job.attempt ?? request.attempt, job: Self.name(of: job, in: run))
            let outcome: FinishedRun.Job.Outcome
            switch job.conclusion {
            case "failure", "timed_out", "startup_failure":
                let (accounts, log) = try await accounts(of: job, named: attempt.job, in: repository, readsLog: logsLeft > 0)
                outcome = .failed(accounts)
                logsLeft -= 1
                // Held in memory until the run is told: a few, and none twice for one cause.
                if let log, logFiles.count < 4 {
                    for account in accounts { logFiles[account.fingerprint] = logFiles[account.fingerprint] ?? log }
                }
            case "success": outcome = .succeeded
            case "skipped", "neutral": outcome = .skipped
            default: outcome = .cancelled
            }
            finished.append(FinishedRun.Job(attempt: attempt, outcome: outcome))
        }
        if !finished.contains(where: \.isFailure), Self.failing.contains(request.conclusion) {
            finished.append(try await unexplained(run, request))
        }
        let finishedRun = FinishedRun(
            repository: repository, title: request.attempt > 1 ? "run \(run.id), attempt \(request.attempt)" : "run \(run.id)",
            address: .run(run.id, in: repository.name, site: client.site), branch: run.branch?.raw ?? "", commit: run.commit.hex,
            pullRequest: request.asked?.pullRequest ?? run.pullRequests.first, isFork: isStrange(run, in: repository), jobs: finished,
            isAskedFor: request.asked != nil)
        return Reading(run: finishedRun, logs: logFiles)
    }

    static let failing: Set<String> = ["failure", "timed_out", "startup_failure"]

    /// A run for a pull request that the forge does not name comes from a fork, and so does one whose code lies elsewhere.
    private func isStrange(_ run: WorkflowRun, in repository: RepositoryReference) -> Bool {
        if run.event.hasPrefix("pull_request") { return run.pullRequests.isEmpty || run.headRepository != repository.name }
        return run.headRepository.map { $0 != repository.name } ?? false
    }

    private static func name(of job: WorkflowJob, in run: WorkflowRun) -> String {
        run.name.isEmpty ? job.name.raw : "\(run.name.raw) / \(job.name.raw)"
    }

    private func accounts(
        of job: WorkflowJob, named name: String, in repository: RepositoryReference, readsLog: Bool
    ) async throws -> ([FailureAccount], LogFile?) {
        guard readsLog else {
            return ([try await account(of: job, named: name, "Its log was not read: more jobs failed than are read of one run.")], nil)
        }
        switch try await fetch(job, in: repository) {
        case .log(let log):
            let file = LogFile(named: name, content: log)
            return (try await logs.accounts(of: file), file)
        case .missing(let because): return ([try await account(of: job, named: name, because)], nil)
        }
    }

    private enum Fetched {
        case log([UInt8])
        case missing(because: String)
    }

    private func fetch(_ job: WorkflowJob, in repository: RepositoryReference) async throws(ForgeError) -> Fetched {
        do throws(ForgeError) {
            let log = try await reader.log(ofJob: job.id, in: repository, limit: settings.logLimit) ?? []
            return log.isEmpty ? .missing(because: "The forge has no log of this job any more.") : .log(log)
        } catch .tooLarge(_, let limit) {
            return .missing(because: "Its log is longer than \(limit) bytes and was not read.")
        }
    }

    /// What the forge says without a log: which job, which step, how it ended.
    private func account(of job: WorkflowJob, named name: String, _ note: String) async throws -> FailureAccount {
        let steps = job.steps.filter { $0.conclusion == "failure" || $0.conclusion == "timed_out" }
        let failureClass: FailureClass = job.conclusion == "timed_out" ? .timeout : .unknown
        let said = steps.map { UntrustedText("step '\($0.name.raw)' ended with \($0.conclusion ?? "no conclusion")") }
        let statements = [UntrustedText("job '\(name)' ended with \(job.conclusion ?? "no conclusion")")] + said
        return try await logs.account(name, statements: statements, notes: [UntrustedText(note)], failureClass: failureClass)
    }

    /// The run failed and none of its jobs did: it never began, as with a fault in the workflow file.
    private func unexplained(_ run: WorkflowRun, _ request: ExplainRunRequest) async throws -> FinishedRun.Job {
        let isStart = request.conclusion == "startup_failure"
        let said = isStart ? "the workflow could not be started (startup_failure)" : "the run ended with \(request.conclusion)"
        let account = try await logs.account(
            run.name.raw, statements: [UntrustedText("workflow '\(run.name.raw)': \(said)")],
            notes: ["No job of it failed, so there is no log."], failureClass: isStart ? .configuration : .unknown)
        return FinishedRun.Job(
            attempt: RunAttempt(run: run.id, attempt: request.attempt, job: run.name.raw), outcome: .failed([account]))
    }
}

extension FinishedRun.Job {
    fileprivate var isFailure: Bool { if case .failed = outcome { true } else { false } }
}
