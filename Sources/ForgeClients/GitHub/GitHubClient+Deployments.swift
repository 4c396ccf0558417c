import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/deployments
extension GitHubClient: DeploymentReporter {
    package func createDeployment(
        of commit: CommitID, to environment: String, mark: String, in repository: RepositoryReference
    ) async throws(ForgeError) -> Int64 {
        let body: JSONValue = [
            "ref": .string(commit.hex), "environment": .string(environment), "auto_merge": false, "required_contexts": [],
            "transient_environment": true, "production_environment": false, "payload": ["fettle": .string(mark)],
        ]
        return try await api.read(GitHubIDWire.self, ForgeCall(.post, path(repository, "deployments"), body: body)).id
    }

    package func deployments(to environment: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeDeployment] {
        let call = ForgeCall(
            .get, path(repository, "deployments"), query: [(name: "environment", value: environment)] + Self.fullPage)
        return try await api.pages(GitHubDeploymentWire.self, call).elements.compactMap { wire in
            CommitID(wire.sha).map { ForgeDeployment(id: wire.id, commit: $0, mark: wire.payload?["fettle"]?.string ?? "") }
        }
    }

    package func stateOfDeployment(_ id: Int64, in repository: RepositoryReference) async throws(ForgeError) -> String? {
        let call = ForgeCall(.get, path(repository, "deployments/\(id)/statuses"), query: [(name: "per_page", value: "1")])
        return try await api.read([GitHubDeploymentStatusWire].self, call).first?.state
    }

    // `auto_inactive` spares transient environments, so older deployments are made inactive one by one.
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

extension GitHubClient: DeploymentLog {
    package func latestDeployments(_ limit: Int, in repository: RepositoryReference) async throws(ForgeError) -> [PastDeployment] {
        let query = [(name: "per_page", value: "\(min(max(limit, 1), 100))")]
        let wires = try await api.read([GitHubDeploymentWire].self, ForgeCall(.get, path(repository, "deployments"), query: query))
        return wires.compactMap { wire in
            guard let commit = CommitID(wire.sha), let at = wire.createdAt.flatMap({ Timestamp(iso8601: $0) }) else { return nil }
            return PastDeployment(
                commit: commit, environment: UntrustedText(wire.environment ?? ""), at: at, mark: wire.payload?["fettle"]?.string ?? "")
        }
    }
}

struct GitHubDeploymentWire: Decodable {
    let id: Int64
    let sha: String
    let environment: String?
    let createdAt: String?
    /// An object, or text, of whoever made it.
    let payload: JSONValue?

    enum CodingKeys: String, CodingKey {
        case id, sha, environment, payload
        case createdAt = "created_at"
    }
}

struct GitHubDeploymentStatusWire: Decodable {
    let state: String
}
