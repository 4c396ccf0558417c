import Basics
package import Forge

/// Source: docs.github.com/apps, "Authenticating as a GitHub App installation" (HTTP-based Git access)
extension GitHubClient: SourceLocator {
    package func source(of repository: RepositoryReference) async throws(ForgeError) -> SourceLocation {
        let authorization = try await api.credential.authorization(refused: nil)
        let token = authorization?.split(separator: " ").last.map { Secret(String($0)) }
        return SourceLocation(url: "\(site)/\(repository.name).git", user: "x-access-token", token: token)
    }
}
