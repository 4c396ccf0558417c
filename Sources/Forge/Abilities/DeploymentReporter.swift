package enum DeploymentState: String, Sendable, Hashable {
    case inProgress = "in_progress"
    case success, failure, inactive
}

/// Shows on the forge where a commit runs. A client that can do it is cast to this.
package protocol DeploymentReporter: Sendable {
    /// The new deployment's id. Nothing is merged and no other check is waited for.
    func createDeployment(of commit: CommitID, to environment: String, in repository: RepositoryReference) async throws(ForgeError) -> Int64
    /// `url` is where it runs; `nil` while it does not.
    func reportDeployment(
        _ id: Int64, of commit: CommitID, to environment: String, state: DeploymentState, url: String?, description: PublishableText,
        in repository: RepositoryReference
    ) async throws(ForgeError)
}
