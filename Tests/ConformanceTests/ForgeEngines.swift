import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import TestSupport

extension ForgeUnderTest {
    static let all: [ForgeUnderTest] = [gitHubApp, gitHubToken, gitHubPersonalToken, gitea]

    static let gitHubApp = ForgeUnderTest(name: "GitHub App", kind: .github) { _, http, clock in
        let key = try SigningKey(pem: SigningKey.generatePEM(.es256))
        let settings = GitHubSettings(url: "http://sandbox.test", credential: .app(id: "42", key: key))
        return GitHubAccess(settings, http: http, clock: clock, random: SeededRandom(seed: 1))
    }

    static let gitHubToken = ForgeUnderTest(name: "GitHub workflow token", kind: .github) { _, http, clock in
        let settings = GitHubSettings(
            url: "http://sandbox.test", credential: .token(Secret("ghs_x")), workflowIdentity: "fettle-sandbox[bot]")
        return GitHubAccess(settings, http: http, clock: clock, random: SeededRandom(seed: 1))
    }

    /// Without check runs: statuses stand in.
    static let gitHubPersonalToken = ForgeUnderTest(name: "GitHub personal token", kind: .github) { _, http, clock in
        let settings = GitHubSettings(url: "http://sandbox.test", credential: .token(Secret("ghp_x")))
        return GitHubAccess(settings, http: http, clock: clock, random: SeededRandom(seed: 1))
    }

    static let gitea = ForgeUnderTest(name: "Gitea", kind: .gitea) { _, http, clock in
        let settings = GiteaSettings(url: "http://sandbox.test/", token: Secret("x"))
        return GiteaAccess(settings, http: http, clock: clock, random: SeededRandom(seed: 1))
    }
}
