import Basics
package import Forge
package import Kubernetes

/// Somebody says that a run in the cluster has ended: find out how, and keep the issue about it.
package struct ReportFailureRequest: Sendable, Hashable, Codable {
    package static let kind = "report-failure"

    package let run: RunReference
    /// Where the issue is to be; `nil` until the run was read, when no repository is configured.
    package let repository: RepositoryReference?
    /// The job that whoever asked waits for, when this one was made by it.
    package let asked: String?

    package init(run: RunReference, repository: RepositoryReference?, asked: String? = nil) {
        self.run = run
        self.repository = repository
        self.asked = asked
    }

    /// One at a time for each run, and in a repository none beside other jobs that keep its incidents.
    package var job: JobRequest {
        let place = repository.map { "\($0.forge.rawValue):\($0.name)" } ?? "any"
        return JobRequest(
            kind: Self.kind, lane: .analysis, payload: JSONValue(encoding: self), uniqueKey: "\(Self.kind):\(run):\(place)",
            concurrencyKey: repository.map(ExplainRunRequest.concurrencyKey) ?? "\(Self.kind):\(run)", maxAttempts: 6, priority: 1)
    }
}
