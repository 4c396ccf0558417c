package import Basics
package import Forge
package import HTTP

/// How a Gitea or Forgejo is reached.
package struct GiteaSettings: Sendable {
    /// Root of the site: `https://git.example.com`. The API's path is added.
    package let url: String
    package let token: Secret
    /// The longest one call waits for rate limits and between attempts.
    package let patience: Duration

    package init(url: String, token: Secret, patience: Duration = .seconds(90)) {
        self.url = url
        self.token = token
        self.patience = patience
    }

    /// The site's root without a slash at its end.
    var site: String { APIEndpoint(base: url, headers: [:], patience: patience).base }

    var endpoint: APIEndpoint {
        APIEndpoint(base: site + "/api/v1", headers: ["Accept": "application/json", "User-Agent": "fettle"], patience: patience)
    }
}

/// Hands out Gitea clients: one token and one identity for the whole process.
package struct GiteaAccess: ForgeAccess {
    private let client: GiteaClient

    package init(
        _ settings: GiteaSettings, http: any HTTPClient, clock: any Clock = SystemClock(), random: any RandomSource = SystemRandom(),
        log: Logger = .silent
    ) {
        let api = APITransport(
            endpoint: settings.endpoint, credential: FixedTokenCredential(scheme: "token", token: settings.token), http: http, clock: clock,
            random: random, log: log, cache: nil)
        client = GiteaClient(api: api, site: settings.site, login: SingleFlight())
    }

    package func client(for repository: RepositoryReference) -> any ForgeClient { client }

    /// The account that our comments are written by: asks Gitea, so it also tells whether the token is taken.
    package func signedInAs() async throws(ForgeError) -> String { try await client.ours() }

    /// The same with every ability of Gitea.
    package func giteaClient() -> GiteaClient { client }
}
