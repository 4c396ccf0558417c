import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/deployments
extension GitHubClient: DeploymentReporter {
    package func createDeployment(of commit: CommitID, to environment: String, in repository: RepositoryReference)
        async throws(ForgeError) -> Int64
    {
        let body: JSONValue = [
            "ref": .string(commit.hex), "environment": .string(environment), "auto_merge": false, "required_contexts": [],
            "transient_environment": true, "production_environment": false,
        ]
        return try await api.read(GitHubIDWire.self, ForgeCall(.post, path(repository, "deployments"), body: body)).id
    }

    package func reportDeployment(
        _ id: Int64, of commit: CommitID, to environment: String, state: DeploymentState, url: String?, description: PublishableText,
        in repository: RepositoryReference
    ) async throws(ForgeError) {
        var body: [String: JSONValue] = [
            "state": .string(state.rawValue), "description": .string(String(description.text.prefix(140))), "auto_inactive": false,
        ]
        if let url { body["environment_url"] = .string(url) }
        _ = try await api.send(ForgeCall(.post, path(repository, "deployments/\(id)/statuses"), body: .object(body)))
    }
}
