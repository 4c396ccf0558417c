import Basics
import Crypto
import Forge
import HTTP
import Jobs
import SandboxForge
import Storage
import TestSupport

@testable import fettle

/// The real service over a sandbox forge and a scripted model, joined by one HTTP client without sockets. Time is the machine's.
final class Stage: Sendable {
    static let secret = Secret("a webhook secret")
    private static let appKey = Result { try SigningKey.generatePEM(.rs256) }

    /// Its delivery log looks back on a minute ago: what is younger than ten seconds is not yet asked for again.
    let forge = SandboxForge(clock: LateClock())
    let model: ScriptedModelServer?
    let folder: TemporaryFolder
    let pull: PullRequestReference
    private let credential: Credential

    /// What the service signs in to the forge with.
    enum Credential: Sendable {
        case app, token
    }

    /// - Parameter answer: what the model says; `nil` for no model.
    init(
        credential: Credential = .app, answer: (@Sendable (ScriptedModelServer.Question) -> ScriptedModelServer.Answer)? = nil
    ) throws {
        self.credential = credential
        model = answer.map { ScriptedModelServer($0) }
        folder = try TemporaryFolder()
        guard let pull = SandboxSample.seed(forge) else { throw StageError.notSeeded }
        self.pull = pull
    }

    enum StageError: Error {
        case notSeeded
        case notWithin(seconds: Int, what: String)
    }

    /// Runs a service on the stage's database for as long as `body` runs.
    func perform<Result: Sendable>(_ body: @escaping @Sendable (Router) async throws -> Result) async throws -> Result {
        let service = try await Service(
            try configuration(), http: SplitHTTPClient(forge: forge, model: model), clock: SystemClock(), random: SystemRandom(),
            logger: .silent)
        return try await service.runWithoutServer(body)
    }

    private func configuration() throws -> Configuration {
        let key = try Self.appKey.get()
        var environment = [
            "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite", "FETTLE_GITHUB_URL": "http://forge",
            "FETTLE_GITHUB_WEBHOOK_SECRET": Self.secret.reveal(),
        ]
        switch credential {
        case .app: environment.merge(["FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": "app.pem"]) { $1 }
        case .token: environment["FETTLE_GITHUB_TOKEN"] = "ghp_sandbox"
        }
        if model != nil { environment.merge(["FETTLE_LLM_URL": "http://model/v1", "FETTLE_LLM_MODEL": "scripted"]) { $1 } }
        return try Configuration(environment: environment, file: [:]) { _ in key.reveal() }
    }

    // MARK: What comes in

    @discardableResult
    func deliver(_ action: String, id: String, to router: Router) async throws -> HTTPResponse {
        guard let delivery = forge.pullRequestDelivery(action, pull, id: id, secret: Self.secret) else { throw StageError.notSeeded }
        return await router.respond(
            to: HTTPRequest(method: .post, path: "/webhooks/github", headers: delivery.headers, body: delivery.body))
    }

    @discardableResult
    func push(_ changes: [String: String?]) -> CommitID? { forge.push(to: "currency", of: pull.repository.name, changes: changes) }

    // MARK: What is there

    var checks: [SandboxCheck] { forge.checks(in: pull.repository.name) }
    var reviews: [SandboxReview] { forge.reviews(of: pull.number, in: pull.repository.name) }
    var lineComments: [SandboxReview.Comment] { reviews.flatMap(\.comments) }
    var summaries: [SandboxComment] { forge.comments(on: pull.number, in: pull.repository.name) }

    /// Waits until no delivery is unread and no job open.
    func settle(_ router: Router) async throws {
        try await wait("every job to end") {
            let text = String(decoding: await router.respond(to: HTTPRequest(method: .get, path: "/metrics")).bytes, as: UTF8.self)
            return text.contains("\nfettle_jobs_open 0\n")
        }
    }

    func wait(_ what: String, seconds: Int = 60, until condition: () async throws -> Bool) async throws {
        let clock = SystemClock()
        let deadline = clock.uptime + .seconds(seconds)
        while try await !condition() {
            if clock.uptime > deadline { throw StageError.notWithin(seconds: seconds, what: what) }
            try await clock.sleep(for: .milliseconds(5))
        }
    }
}

/// `http://forge` and `http://model`, each to its handler.
private struct SplitHTTPClient: HTTPClient {
    private let forge: InProcessHTTPClient
    private let model: InProcessHTTPClient?

    init(forge: SandboxForge, model: ScriptedModelServer?) {
        self.forge = InProcessHTTPClient(forge)
        self.model = model.map { InProcessHTTPClient($0) }
    }

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        if request.url.hasPrefix("http://forge/") { return try await forge.send(request) }
        guard let model, request.url.hasPrefix("http://model/") else { throw .notConnected(host: request.url, reason: "not on this stage") }
        return try await model.send(request)
    }
}
