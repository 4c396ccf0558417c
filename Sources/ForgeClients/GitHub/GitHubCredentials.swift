import Basics
import Crypto
import Forge
import HTTP

/// A token as it was given.
struct FixedTokenCredential: ForgeCredential {
    /// `Bearer` on GitHub, `token` on Gitea.
    let scheme: String
    let token: Secret

    func authorization(refused: String?) -> String? { refused == nil ? "\(scheme) \(token.reveal())" : nil }
}

/// Signs in as the App itself: for its installations, its name and its tokens, never for repositories.
///
/// Source: docs.github.com/apps, "Generating a JSON Web Token (JWT) for a GitHub App"
struct AppCredential: ForgeCredential {
    let id: String
    let key: SigningKey
    let clock: any Clock

    func authorization(refused: String?) throws(ForgeError) -> String? {
        guard refused == nil else { return nil }
        let now = clock.now.seconds
        // Begun a minute ago and ended a minute early, because clocks differ; GitHub allows ten minutes.
        let claims: [String: JSONValue] = ["iat": .integer(now - 60), "exp": .integer(now + 540), "iss": .string(id)]
        do {
            return "Bearer " + (try JSONWebToken.sign(claims, with: key))
        } catch {
            throw .unauthorized(host: "GitHub", reason: error.description)
        }
    }
}

/// Signs in as an installation of the App.
struct InstallationCredential: ForgeCredential {
    let installation: Int64
    let tokens: InstallationTokens

    func authorization(refused: String?) async throws(ForgeError) -> String? {
        let refusedToken = refused.map { Secret(String($0.dropFirst("Bearer ".count))) }
        return "Bearer " + (try await tokens.token(for: installation, refused: refusedToken)).reveal()
    }
}

/// Installation tokens, each made once and kept until five minutes before it ends.
struct InstallationTokens: Sendable {
    private struct Token: Sendable {
        let secret: Secret
        let expires: Timestamp
    }

    private struct Wire: Decodable {
        let token: String
        let expiresAt: String

        enum CodingKeys: String, CodingKey {
            case token
            case expiresAt = "expires_at"
        }
    }

    private let app: APITransport
    private let flights = SingleFlight<Int64, Token>()

    init(app: APITransport) {
        self.app = app
    }

    /// `refused` is one the forge no longer takes: it is not given out again.
    func token(for installation: Int64, refused: Secret? = nil) async throws(ForgeError) -> Secret {
        let usable = app.clock.now + .seconds(300)
        let app = app
        let token = try await flights.value(for: installation, isGood: { $0.expires > usable && $0.secret != refused }) {
            await Self.make(for: installation, with: app)
        }
        return token.secret
    }

    private static func make(for installation: Int64, with app: APITransport) async -> Result<Token, ForgeError> {
        var call = ForgeCall(.post, "/app/installations/\(installation)/access_tokens")
        call.isHarmless = true
        do {
            let wire = try await app.read(Wire.self, call)
            guard let expires = Timestamp(iso8601: wire.expiresAt) else {
                return .failure(.malformedReply(resource: call.subject, reason: "expires_at: expected a time"))
            }
            return .success(Token(secret: Secret(wire.token), expires: expires))
        } catch {
            return .failure(error)
        }
    }
}
