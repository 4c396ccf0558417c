package import Basics

/// A deployment somebody made of the repository.
package struct PastDeployment: Sendable, Hashable {
    package let commit: CommitID
    package let environment: UntrustedText
    package let at: Timestamp
    /// What we gave along when we made it; empty when it is not ours.
    package let mark: String

    package init(commit: CommitID, environment: UntrustedText, at: Timestamp, mark: String = "") {
        self.commit = commit
        self.environment = environment
        self.at = at
        self.mark = mark
    }
}

/// When the repository was deployed lately. A client whose forge keeps deployments is cast to this.
package protocol DeploymentLog: Sendable {
    /// Of every environment, newest first, at most `limit` (up to 100).
    func latestDeployments(_ limit: Int, in repository: RepositoryReference) async throws(ForgeError) -> [PastDeployment]
}
