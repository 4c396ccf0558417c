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

    /// Check runs are for Apps; a workflow's token is one's. Source: docs.github.com/rest/checks/runs
    var mayWriteChecks: Bool {
        switch credential {
        case .app: true
        case .token(let token): token.reveal().hasPrefix("ghs_")
        }
    }

    /// Where people look at it: the API's address without what only the API has.
    var site: String {
        let base = endpoint.base
        if base == "https://api.github.com" { return "https://github.com" }
        return base.hasSuffix("/api/v3") ? String(base.dropLast("/api/v3".count)) : base
    }

    /// Source: docs.github.com/rest/about-the-rest-api/api-versions
    var endpoint: APIEndpoint {
        APIEndpoint(
            base: url,
            headers: ["Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "fettle"],
            patience: patience)
    }
}
