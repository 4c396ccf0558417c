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
    private let settings: [String: String]
    private let credential: Credential

    /// What the service signs in to GitHub with.
    enum Credential: Sendable {
        case app, token
    }

    /// - Parameters:
    ///   - base: more files on the base branch.
    ///   - answer: what the model says; `nil` for no model.
    init(
        on kind: ForgeKind = .github, credential: Credential = .app, base: [String: String] = [:], settings: [String: String] = [:],
        answer: (@Sendable (ScriptedModelServer.Question) -> ScriptedModelServer.Answer)? = nil
    ) throws {
        self.credential = credential
        model = answer.map { ScriptedModelServer($0) }
        folder = try TemporaryFolder()
        self.settings = settings
        guard let seeded = SandboxSample.seed(forge, more: base) else { throw StageError.notSeeded }
        let repository = RepositoryReference(
            forge: kind, name: seeded.repository.name, installation: kind == .github ? seeded.repository.installation : nil)
        pull = PullRequestReference(repository: repository, number: seeded.number)
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
        if pull.repository.forge == .gitea {
            environment = [
                "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite", "FETTLE_GITEA_URL": "http://forge",
                "FETTLE_GITEA_TOKEN": "a token", "FETTLE_GITEA_WEBHOOK_SECRET": Self.secret.reveal(),
            ]
        }
        environment.merge(settings) { $1 }
        if model != nil { environment.merge(["FETTLE_LLM_URL": "http://model/v1", "FETTLE_LLM_MODEL": "scripted"]) { $1 } }
        return try Configuration(environment: environment, file: [:]) { _ in key.reveal() }
    }

    // MARK: What comes in

    @discardableResult
    func deliver(_ action: String, id: String, to router: Router) async throws -> HTTPResponse {
        let isGitea = pull.repository.forge == .gitea
        let delivery =
            isGitea
            ? forge.giteaPullRequestDelivery(action, pull, id: id, secret: Self.secret)
            : forge.pullRequestDelivery(action, pull, id: id, secret: Self.secret)
        return try await send(delivery, to: router)
    }

    @discardableResult
    func send(_ delivery: SandboxDelivery?, to router: Router) async throws -> HTTPResponse {
        guard let delivery else { throw StageError.notSeeded }
        let path = "/webhooks/\(pull.repository.forge.rawValue)"
        return await router.respond(to: HTTPRequest(method: .post, path: path, headers: delivery.headers, body: delivery.body))
    }

    /// Somebody's comment in the conversation, told to the service.
    func say(_ body: String, by author: String = "mona", id: String, to router: Router) async throws {
        try await send(forge.commentDelivery(body, on: pull, id: id, secret: Self.secret, author: author), to: router)
        try await settle(router)
    }

    /// Somebody's answer in a thread, told to the service.
    func answer(_ body: String, inThread thread: Int64, by author: String = "mona", id: String, to router: Router) async throws {
        try await send(
            forge.answerDelivery(body, inThread: thread, on: pull, id: id, secret: Self.secret, author: author), to: router)
        try await settle(router)
    }

    /// A pull request's event, and everything that follows from it.
    func review(_ action: String = "opened", id: String, on router: Router) async throws {
        try await deliver(action, id: id, to: router)
        try await settle(router)
    }

    @discardableResult
    func push(_ changes: [String: String?]) -> CommitID? { forge.push(to: "currency", of: pull.repository.name, changes: changes) }

    // MARK: What is there

    var checks: [SandboxCheck] { forge.checks(in: pull.repository.name) }
    var reviews: [SandboxReview] { forge.reviews(of: pull.number, in: pull.repository.name) }
    var lineComments: [SandboxReview.Comment] { reviews.flatMap(\.comments) }
    var summaries: [SandboxComment] { forge.comments(on: pull.number, in: pull.repository.name) }
    var reactions: [String] { forge.reactions(in: pull.repository.name).map(\.content) }

    /// What we said in the conversation beside the summary.
    var answers: [String] {
        summaries.filter { !$0.body.hasPrefix("/") && $0.author != "mona" && !$0.body.contains("fettle summary") }.map(\.body)
    }

    /// Waits until no delivery is unread and no job open.
    func settle(_ router: Router) async throws {
        // Jobs and deliveries are counted one after the other: a delivery that becomes a job in between is seen by the second look.
        try await wait("every job to end") {
            for _ in 0..<2 where try await !isQuiet(router) { return false }
            return true
        }
    }

    private func isQuiet(_ router: Router) async throws -> Bool {
        let text = String(decoding: await router.respond(to: HTTPRequest(method: .get, path: "/metrics")).bytes, as: UTF8.self)
        return text.contains("\nfettle_jobs_open 0\n")
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
