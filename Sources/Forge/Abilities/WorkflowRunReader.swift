package import Basics

/// One attempt of a workflow run.
package struct WorkflowRun: Sendable, Hashable {
    package let id: Int64
    package let attempt: Int
    package let name: UntrustedText
    /// What started it, as the forge writes it: `push`, `pull_request`, …
    package let event: String
    package let branch: UntrustedText?
    package let commit: CommitID
    /// Where the code came from; `nil` when that repository was deleted or the forge does not say.
    package let headRepository: RepositoryName?
    /// As the forge writes it: `success`, `failure`, `timed_out`, …; `nil` while running.
    package let conclusion: String?
    /// Pull requests it ran for, as far as the forge says; GitHub names none for forks.
    package let pullRequests: [Int]

    package init(
        id: Int64, attempt: Int, name: UntrustedText, event: String, branch: UntrustedText?, commit: CommitID,
        headRepository: RepositoryName?, conclusion: String?, pullRequests: [Int] = []
    ) {
        self.id = id
        self.attempt = attempt
        self.name = name
        self.event = event
        self.branch = branch
        self.commit = commit
        self.headRepository = headRepository
        self.conclusion = conclusion
        self.pullRequests = pullRequests
    }
}

package struct WorkflowJob: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        package let number: Int
        package let name: UntrustedText
        package let conclusion: String?

        package init(number: Int, name: UntrustedText, conclusion: String?) {
            self.number = number
            self.name = name
            self.conclusion = conclusion
        }
    }

    package let id: Int64
    package let name: UntrustedText
    package let conclusion: String?
    package let steps: [Step]
    /// Its own attempt: a re-run leaves the jobs it does not repeat at their old one. `nil` where the forge does not say.
    package let attempt: Int?

    package init(id: Int64, name: UntrustedText, conclusion: String?, steps: [Step], attempt: Int? = nil) {
        self.attempt = attempt
        self.id = id
        self.name = name
        self.conclusion = conclusion
        self.steps = steps
    }
}

/// Runs of the forge's own CI. A client that can do it is cast to this.
package protocol WorkflowRunReader: Sendable {
    func workflowRun(_ id: Int64, in repository: RepositoryReference) async throws(ForgeError) -> WorkflowRun
    /// The newest attempts of runs for a commit, newest first, at most `limit` (up to 100).
    func workflowRuns(of commit: CommitID, in repository: RepositoryReference, limit: Int) async throws(ForgeError) -> [WorkflowRun]
    /// The jobs of one attempt: a re-run repeats only some, and the others' logs belong to the attempt before.
    func jobs(of run: Int64, attempt: Int, in repository: RepositoryReference) async throws(ForgeError) -> [WorkflowJob]
    /// A job's log as it was stored; `nil` when there is none any more. Longer than `limit` is `ForgeError.tooLarge`.
    func log(ofJob job: Int64, in repository: RepositoryReference, limit: ByteCount) async throws(ForgeError) -> [UInt8]?
}
