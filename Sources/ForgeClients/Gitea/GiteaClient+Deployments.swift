import Basics
package import Forge
import HTTP

/// Gitea has no deployments: a commit status of the environment's name links to where it runs.
extension GiteaClient: DeploymentReporter {
    package func createDeployment(
        of commit: CommitID, to environment: String, mark: String, in repository: RepositoryReference
    ) async throws(ForgeError) -> Int64 {
        try await status(of: commit, environment, "pending", "Starting", nil, in: repository)
    }

    /// A status said twice shows once.
    package func deployments(to environment: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeDeployment] {
        []
    }

    package func stateOfDeployment(_ id: Int64, in repository: RepositoryReference) async throws(ForgeError) -> String? { nil }

    package func reportDeployment(
        _ id: Int64, of commit: CommitID, to environment: String, state: DeploymentState, url: String?, description: PublishableText,
        in repository: RepositoryReference
    ) async throws(ForgeError) {
        let word =
            switch state {
            case .inProgress: "pending"
            case .success, .inactive: "success"
            case .failure: "failure"
            }
        _ = try await status(of: commit, environment, word, String(description.text.prefix(140)), url, in: repository)
    }

    private func status(
        of commit: CommitID, _ environment: String, _ state: String, _ description: String, _ url: String?,
        in repository: RepositoryReference
    ) async throws(ForgeError) -> Int64 {
        var body: [String: JSONValue] = [
            "context": .string("deploy/" + environment), "state": .string(state), "description": .string(description),
        ]
        if let url { body["target_url"] = .string(url) }
        return try await api.read(GitHubIDWire.self, ForgeCall(.post, path(repository, "statuses/\(commit)"), body: .object(body))).id
    }
}
