package import Basics
import Crypto
package import Forge
package import HTTP

/// Hands out GitHub clients: one connection, one set of tokens, one identity for the whole process.
package struct GitHubAccess: ForgeAccess {
    private struct InstallationWire: Decodable {
        let id: Int64
    }

    let settings: GitHubSettings
    /// Signed in as the App, or with the plain token.
    let root: APITransport
    private let tokens: InstallationTokens
    private let cache: ResponseCache
    private let identity: GitHubIdentity
    private let installations = SingleFlight<RepositoryName, Int64>()

    package init(
        _ settings: GitHubSettings, http: any HTTPClient, clock: any Clock = SystemClock(), random: any RandomSource = SystemRandom(),
        log: Logger = .silent
    ) {
        let credential: any ForgeCredential =
            switch settings.credential {
            case .app(let id, let key): AppCredential(id: id, key: key, clock: clock)
            case .token(let token): FixedTokenCredential(scheme: "Bearer", token: token)
            }
        self.settings = settings
        cache = ResponseCache()
        root = APITransport(
            endpoint: settings.endpoint, credential: credential, http: http, clock: clock, random: random, log: log, cache: nil)
        tokens = InstallationTokens(app: root)
        identity = GitHubIdentity(settings: settings, root: root)
    }

    /// The account that our comments are written by: asks GitHub, so it also tells whether the credential is taken.
    package func signedInAs() async throws(ForgeError) -> String { try await identity.ours().login }

    var isApp: Bool {
        if case .app = settings.credential { true } else { false }
    }

    package func client(for repository: RepositoryReference) async throws(ForgeError) -> any ForgeClient {
        try await gitHubClient(for: repository)
    }

    /// The same with every ability of GitHub.
    package func gitHubClient(for repository: RepositoryReference) async throws(ForgeError) -> GitHubClient {
        guard isApp else { return client(with: root.credential) }
        let installation: Int64
        if let known = repository.installation {
            installation = known
        } else {
            installation = try await findInstallation(of: repository.name)
        }
        return client(with: InstallationCredential(installation: installation, tokens: tokens))
    }

    private func client(with credential: any ForgeCredential) -> GitHubClient {
        let transport = APITransport(
            endpoint: root.endpoint, credential: credential, http: root.http, clock: root.clock, random: root.random, log: root.log,
            cache: cache)
        return GitHubClient(api: transport, identity: identity, site: settings.site, mayWriteChecks: settings.mayWriteChecks)
    }

    private func findInstallation(of repository: RepositoryName) async throws(ForgeError) -> Int64 {
        let root = root
        return try await installations.value(for: repository) {
            do throws(ForgeError) {
                return .success(try await root.read(InstallationWire.self, ForgeCall(.get, "/repos/\(repository)/installation")).id)
            } catch {
                return .failure(error)
            }
        }
    }
}
