package import Basics
package import Crypto
import HTTP

/// How a GitHub, github.com or Enterprise, is reached.
package struct GitHubSettings: Sendable {
    package enum Credential: Sendable {
        /// `id` is the App's id or client id: GitHub takes either as issuer.
        case app(id: String, key: SigningKey)
        case token(Secret)
    }

    /// API base: `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise server.
    package let url: String
    package let credential: Credential
    /// The longest one call waits for rate limits and between attempts.
    package let patience: Duration
    /// Who we are when the token is a workflow's: GitHub does not tell such a token its own name.
    package let workflowIdentity: String

    package init(
        url: String = "https://api.github.com", credential: Credential, patience: Duration = .seconds(90),
        workflowIdentity: String = "github-actions[bot]"
    ) {
        self.url = url
        self.credential = credential
        self.patience = patience
        self.workflowIdentity = workflowIdentity
    }

    /// Source: docs.github.com/rest/about-the-rest-api/api-versions
    var endpoint: APIEndpoint {
        APIEndpoint(
            base: url,
            headers: ["Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "fettle"],
            patience: patience)
    }
}
