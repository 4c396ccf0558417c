package import Forge
import HTTP

/// Gitea and Forgejo through their REST API. One file per topic beside this one.
///
/// Source: the Swagger description each server has at `/swagger.v1.json`; read for 1.15 and 1.26.
package struct GiteaClient: ForgeClient {
    package let kind = ForgeKind.gitea
    let api: APITransport
    /// The site's root, for addresses people open.
    package let site: String
    let login: SingleFlight<String, String>

    /// 50 is the most a server gives unless its configuration says otherwise.
    static let fullPage = [(name: "limit", value: "50")]

    func path(_ repository: RepositoryReference, _ rest: String) -> String { "/repos/\(repository.name)/\(rest)" }

    /// Our own login, asked for once.
    func ours() async throws(ForgeError) -> String {
        let api = api
        return try await login.value(for: "") {
            do throws(ForgeError) {
                return .success(try await api.read(GiteaAccountWire.self, ForgeCall(.get, "/user")).login)
            } catch {
                return .failure(error)
            }
        }
    }

    /// Which of these accounts are us. Without any nobody is asked.
    func isOurs(_ accounts: [GiteaAccountWire?]) async throws(ForgeError) -> [Bool] {
        guard accounts.contains(where: { $0 != nil }) else { return accounts.map { _ in false } }
        let ours = try await ours()
        return accounts.map { $0?.login == ours }
    }
}
