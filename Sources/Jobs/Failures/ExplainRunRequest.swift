package import Basics
package import Forge

/// A finished attempt of a run to be judged: its failures explained, its successes counted for open incidents.
package struct ExplainRunRequest: Sendable, Hashable, Codable {
    package static let kind = "explain-run"

    package let repository: RepositoryReference
    package let run: Int64
    package let attempt: Int
    /// As the forge wrote it; read again by the job.
    package let conclusion: String
    /// As the delivery said: where a success is remembered, and searched for.
    package let workflow: UntrustedText
    /// `nil` for runs that say nothing about a branch: those for pull requests.
    package let branch: UntrustedText?
    package let commit: CommitID?
    /// Somebody asked for it; `nil` when the run itself ended.
    package let asked: Asked?

    package struct Asked: Sendable, Hashable, Codable {
        /// Where the answer goes, although the forge may name no pull request of the run.
        package let pullRequest: Int
        /// What tells one question from another.
        package let comment: Int64
    }

    package init(
        repository: RepositoryReference, run: Int64, attempt: Int, conclusion: String, workflow: UntrustedText = "",
        branch: UntrustedText? = nil, commit: CommitID? = nil, asked: Asked? = nil
    ) {
        self.asked = asked
        self.workflow = workflow
        self.branch = branch
        self.commit = commit
        self.repository = repository
        self.run = run
        self.attempt = attempt
        self.conclusion = conclusion
    }

    /// Once for each attempt and conclusion, however often it is delivered. Gitea counts no attempts of runs, so there a re-run is known
    /// by its other conclusion.
    package var job: JobRequest {
        let question = asked.map { ":asked:\($0.pullRequest):\($0.comment)" } ?? ""
        return JobRequest(
            kind: Self.kind, lane: .analysis, payload: JSONValue(encoding: self),
            uniqueKey: "\(Self.kind):\(repository.forge.rawValue):\(repository.name):\(run):\(attempt):\(conclusion)\(question)",
            uniqueness: .forever,
            concurrencyKey: Self.concurrencyKey(repository), maxAttempts: 6)
    }

    /// Every job that touches incidents of a repository has this key: they are kept one after the other.
    package static func concurrencyKey(_ repository: RepositoryReference) -> String {
        "failures:\(repository.forge.rawValue):\(repository.name)"
    }
}
