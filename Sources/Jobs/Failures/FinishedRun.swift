import Basics
package import FailureAnalysis
package import Forge

/// A run of some CI server that came to its end, read and explained: what incidents are judged by.
///
/// Whoever makes one (the forge's own runs, Tekton, a log on the command line) hands it to `IncidentDesk`, which keeps the issues.
package struct FinishedRun: Sendable, Hashable {
    package struct Job: Sendable, Hashable {
        package enum Outcome: Sendable, Hashable {
            /// One account for each cause; at least one.
            case failed([FailureAccount])
            case succeeded
            /// Says nothing about the code.
            case cancelled
            case skipped
        }

        package let attempt: RunAttempt
        package let outcome: Outcome

        package init(attempt: RunAttempt, outcome: Outcome) {
            self.attempt = attempt
            self.outcome = outcome
        }
    }

    package let repository: RepositoryReference
    /// For people: `run 12, attempt 2` or `pipeline build-x7f2`.
    package let title: String
    package let address: WebAddress?
    /// Empty where the server knows none.
    package let branch: String
    /// A commit id; empty where the server knows none.
    package let commit: String
    /// The pull request the run was for: its failures are told there.
    package let pullRequest: Int?
    package let isFork: Bool
    package let jobs: [Job]
    /// Told again although it was told before.
    package let isAskedFor: Bool

    package init(
        repository: RepositoryReference, title: String, address: WebAddress?, branch: String, commit: String, pullRequest: Int?,
        isFork: Bool, jobs: [Job], isAskedFor: Bool = false
    ) {
        self.isAskedFor = isAskedFor
        self.repository = repository
        self.title = title
        self.address = address
        self.branch = branch
        self.commit = commit
        self.pullRequest = pullRequest
        self.isFork = isFork
        self.jobs = jobs
    }

    /// Failures first: a cause that moved from one job to another must not look fixed in between.
    func events(at time: Timestamp) -> [IncidentEvent] {
        let events = jobs.map { job -> IncidentEvent in
            let outcome: IncidentEvent.Outcome =
                switch job.outcome {
                case .failed(let accounts): .failed(causes: Set(accounts.map(\.fingerprint)))
                case .succeeded: .succeeded
                case .cancelled: .cancelled
                case .skipped: .skipped
                }
            return IncidentEvent(
                attempt: job.attempt, branch: branch, commit: commit, pullRequest: pullRequest, isFork: isFork, outcome: outcome, time: time
            )
        }
        return events.filter(\.isFailure) + events.filter { !$0.isFailure }
    }

    /// The account of a cause by its fingerprint.
    package var accounts: [String: FailureAccount] {
        var accounts: [String: FailureAccount] = [:]
        for case .failed(let causes) in jobs.map(\.outcome) {
            for cause in causes where accounts[cause.fingerprint] == nil { accounts[cause.fingerprint] = cause }
        }
        return accounts
    }
}

extension IncidentEvent {
    fileprivate var isFailure: Bool { if case .failed = outcome { true } else { false } }
}
