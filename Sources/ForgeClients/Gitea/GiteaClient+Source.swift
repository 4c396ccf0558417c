import Basics
package import Forge

/// Any user goes with a token. Source: docs.gitea.com, "API Usage"
extension GiteaClient: SourceLocator {
    package func source(of repository: RepositoryReference) async throws(ForgeError) -> SourceLocation {
        let authorization = try await api.credential.authorization(refused: nil)
        let token = authorization?.split(separator: " ").last.map { Secret(String($0)) }
        return SourceLocation(url: "\(site)/\(repository.name).git", user: "x-access-token", token: token)
    }
}
