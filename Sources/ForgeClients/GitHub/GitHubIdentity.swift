import Basics
import Forge
import HTTP

/// The account our comments are written by, asked for once and only when somebody else's words must be told from ours.
struct GitHubIdentity: Sendable {
    struct Ours: Sendable, Hashable {
        let login: String
        /// The App's number, where we are one.
        let appID: Int64?
    }

    private struct AppWire: Decodable {
        let id: Int64
        let slug: String
    }

    private let settings: GitHubSettings
    private let root: APITransport
    private let flight = SingleFlight<String, Ours>()

    init(settings: GitHubSettings, root: APITransport) {
        self.settings = settings
        self.root = root
    }

    func ours() async throws(ForgeError) -> Ours {
        let settings = settings
        let root = root
        return try await flight.value(for: "") { await Self.ask(settings, root) }
    }

    private static func ask(_ settings: GitHubSettings, _ root: APITransport) async -> Result<Ours, ForgeError> {
        do throws(ForgeError) {
            switch settings.credential {
            case .app:
                let app = try await root.read(AppWire.self, ForgeCall(.get, "/app"))
                return .success(Ours(login: "\(app.slug)[bot]", appID: app.id))
            // A workflow's token may not ask for its user. Source: docs.github.com/actions, "GITHUB_TOKEN"
            case .token(let token) where token.reveal().hasPrefix("ghs_"):
                return .success(Ours(login: settings.workflowIdentity, appID: nil))
            case .token:
                return .success(Ours(login: try await root.read(GitHubAccountWire.self, ForgeCall(.get, "/user")).login, appID: nil))
            }
        } catch {
            return .failure(error)
        }
    }
}
