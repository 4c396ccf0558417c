package import Basics

/// A finished job, as an incident sees it.
package struct IncidentEvent: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// With the fingerprints of its causes; one job may have several.
        case failed(causes: Set<String>)
        case succeeded
        /// Says nothing about the code: neither opens nor closes.
        case cancelled
        case skipped
    }

    package let attempt: RunAttempt
    package let branch: String
    package let commit: String
    /// The pull request the run was for: its failures are told there, not in an issue.
    package let pullRequest: Int?
    /// From a fork: nothing of it opens or closes an issue.
    package let isFork: Bool
    package let outcome: Outcome
    package let time: Timestamp

    package init(
        attempt: RunAttempt, branch: String, commit: String, pullRequest: Int? = nil, isFork: Bool = false, outcome: Outcome,
        time: Timestamp
    ) {
        self.attempt = attempt
        self.branch = branch
        self.commit = commit
        self.pullRequest = pullRequest
        self.isFork = isFork
        self.outcome = outcome
        self.time = time
    }
}

/// What the operator chose.
package struct IncidentSettings: Sendable, Hashable {
    package enum Recurrence: Sendable, Hashable {
        /// A closed incident that comes back is opened again.
        case reopen
        /// It gets a new issue.
        case openNew
    }

    /// Green runs in a row, on every branch and job it broke, before an incident closes. At least 1.
    package var greensToClose: Int
    package var recurrence: Recurrence
    /// No two comments on one issue closer than this.
    package var quiet: Duration

    package init(greensToClose: Int = 1, recurrence: Recurrence = .reopen, quiet: Duration = .seconds(86_400)) {
        self.greensToClose = max(1, greensToClose)
        self.recurrence = recurrence
        self.quiet = quiet
    }
}
