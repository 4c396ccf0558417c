package import Basics

/// One cause that broke a job, from the first failure to the fix: what an open issue stands for.
package struct Incident: Sendable, Hashable, Codable {
    package enum Status: String, Sendable, Codable {
        case open, closed
    }

    /// The fingerprint of its cause: one incident for each in a repository.
    package let fingerprint: String
    package var status: Status
    /// Failed runs counted so far; a run counts once, however often it is delivered.
    package var occurrences: Int
    package var branches: Set<String>
    package var jobs: Set<String>
    package var lastSeen: Timestamp
    package var lastComment: Timestamp?
    /// Green runs in a row, for each job on each branch it broke.
    package var greens: [BranchJob: Int]
    /// The newest attempt that failed, for each of them: what is older says nothing about now, however late it ends.
    package var lastFailed: [BranchJob: RunAttempt]
    /// The attempt whose success closed it.
    package var closedBy: RunAttempt?
    /// Times that an attempt passed where an earlier one of the same run failed.
    package var flakes: Int
    /// Further signs that it comes and goes; `nil` before the first.
    package var flakiness: Flakiness?
    /// Attempts that were judged already, newest last; at most `Self.rememberedAttempts`.
    package var judged: [RunAttempt]

    package static let rememberedAttempts = 200

    package struct BranchJob: Sendable, Hashable, Codable {
        package let branch: String
        package let job: String

        package init(branch: String, job: String) {
            self.branch = branch
            self.job = job
        }
    }

    package init(fingerprint: String, firstSeen: Timestamp) {
        self.fingerprint = fingerprint
        status = .open
        occurrences = 0
        branches = []
        jobs = []
        lastSeen = firstSeen
        lastComment = nil
        greens = [:]
        lastFailed = [:]
        closedBy = nil
        flakes = 0
        judged = []
    }
}

/// A job of one attempt of a run: what a delivery is about, however often it arrives.
package struct RunAttempt: Sendable, Hashable, Codable {
    /// Rises from run to run: the forge's id, or the moment of the start where there is none.
    package let run: Int64
    package let attempt: Int
    package let job: String

    package init(run: Int64, attempt: Int, job: String) {
        self.run = run
        self.attempt = attempt
        self.job = job
    }

    /// Whether this one began before `other`, whatever their jobs.
    package func isOlder(than other: RunAttempt) -> Bool { (run, attempt) < (other.run, other.attempt) }
}
