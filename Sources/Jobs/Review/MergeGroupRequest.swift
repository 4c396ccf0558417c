import Basics
package import Forge

/// What a merge queue is told: each pull request in it was reviewed on its own, so our check passes on the merge commit.
package struct MergeGroupRequest: Sendable, Hashable, Codable {
    package static let kind = "merge-group"

    package let repository: RepositoryReference
    package let commit: CommitID

    package init(repository: RepositoryReference, commit: CommitID) {
        self.repository = repository
        self.commit = commit
    }

    package var job: JobRequest {
        JobRequest(
            kind: Self.kind, lane: .review, payload: JSONValue(encoding: self),
            uniqueKey: "\(Self.kind):\(repository.key)@\(commit)", maxAttempts: JobRequest.outlastingOutage,
            priority: 10)
    }
}
