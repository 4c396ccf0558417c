package import Forge

/// GitHub through its REST API. One file per topic beside this one.
///
/// Source: docs.github.com/rest, version 2022-11-28
package struct GitHubClient: ForgeClient {
    package let kind = ForgeKind.github
    let api: APITransport
    let identity: GitHubIdentity
    /// The site's root, for addresses people open.
    package let site: String
    let mayWriteChecks: Bool

    /// A list as long as GitHub gives it in one call.
    static let fullPage = [(name: "per_page", value: "100")]

    func path(_ repository: RepositoryReference, _ rest: String) -> String { "/repos/\(repository.name)/\(rest)" }

    /// Which of these accounts are us. Without any nobody is asked.
    func isOurs(_ accounts: [GitHubAccountWire?]) async throws(ForgeError) -> [Bool] {
        guard accounts.contains(where: { $0 != nil }) else { return accounts.map { _ in false } }
        let ours = try await identity.ours()
        return accounts.map { $0?.login == ours.login }
    }
}
