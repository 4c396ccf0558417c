package enum DeploymentState: String, Sendable, Hashable {
    case inProgress = "in_progress"
    case success, failure, inactive
}

/// A deployment as the forge shows it.
package struct ForgeDeployment: Sendable, Hashable {
    package let id: Int64
    package let commit: CommitID
    /// What we gave along when we made it; empty when it is not ours.
    package let mark: String

    package init(id: Int64, commit: CommitID, mark: String) {
        self.id = id
        self.commit = commit
        self.mark = mark
    }
}

/// Shows on the forge where a commit runs. A client that can do it is cast to this.
package protocol DeploymentReporter: Sendable {
    /// The new deployment's id. Nothing is merged and no other check is waited for.
    /// `mark` is kept beside it, for probing after a lost answer.
    func createDeployment(
        of commit: CommitID, to environment: String, mark: String, in repository: RepositoryReference
    ) async throws(ForgeError) -> Int64
    /// All of an environment, newest first; empty on a forge that keeps no deployments.
    func deployments(to environment: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeDeployment]
    /// The newest report's state as the forge writes it; `nil` without any.
    func stateOfDeployment(_ id: Int64, in repository: RepositoryReference) async throws(ForgeError) -> String?
    /// `url` is where it runs; `nil` while it does not.
    func reportDeployment(
        _ id: Int64, of commit: CommitID, to environment: String, state: DeploymentState, url: String?, description: PublishableText,
        in repository: RepositoryReference
    ) async throws(ForgeError)
}
