import Basics
import Crypto
import Forge
import HTTP
import Jobs
import SandboxForge
import Storage
import TestSupport

@testable import fettle

/// The real service over a sandbox forge, for runs that fail and get well again; as GitHub or as Gitea.
final class FailureStage: Sendable {
    static let secret = Secret("a webhook secret")
    private static let appKey = Result { try SigningKey.generatePEM(.rs256) }

    let kind: ForgeKind
    let forge = SandboxForge()
    let name: RepositoryName
    let folder: TemporaryFolder
    let client: InProcessHTTPClient
    private let settings: [String: String]
    private let outside: (any HTTPClient)?
    private let logger: Logger

    /// - Parameter outside: answers for every host that is not the forge.
    init(
        _ kind: ForgeKind, settings: [String: String] = [:], outside: (any HTTPClient)? = nil, logger: Logger = .silent
    ) throws {
        self.outside = outside
        self.logger = logger
        self.kind = kind
        self.settings = settings
        folder = try TemporaryFolder()
        guard let name = RepositoryName("octo/shop") else { throw Stage.StageError.notSeeded }
        self.name = name
        client = InProcessHTTPClient(forge)
        forge.addRepository(name, files: ["src/a.c": "int a;\n"])
        forge.push(to: "release", of: name, changes: ["VERSION": "1\n"])
    }

    /// Runs a service on the stage's database for as long as `body` runs.
    func perform<Result: Sendable>(_ body: @escaping @Sendable (Router) async throws -> Result) async throws -> Result {
        let service = try await Service(
            try configuration(), http: NamedHost(client: client, outside: outside), clock: SystemClock(), random: SystemRandom(),
            logger: logger)
        return try await service.runWithoutServer(body)
    }

    func configuration() throws -> Configuration {
        let key = try Self.appKey.get()
        var environment = ["FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite"]
        switch kind {
        case .github:
            environment.merge([
                "FETTLE_GITHUB_URL": "http://forge", "FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": "app.pem",
                "FETTLE_GITHUB_WEBHOOK_SECRET": Self.secret.reveal(),
            ]) { $1 }
        case .gitea:
            environment.merge([
                "FETTLE_GITEA_URL": "http://forge", "FETTLE_GITEA_TOKEN": "a gitea token",
                "FETTLE_GITEA_WEBHOOK_SECRET": Self.secret.reveal(),
            ]) { $1 }
        }
        environment.merge(settings) { $1 }
        return try Configuration(environment: environment, file: [:]) { _ in key.reveal() }
    }

    // MARK: What happens

    /// A run with one job for each log; a job without one succeeded.
    func run(
        _ jobs: [(name: String, log: String?)], on branch: String = "main", conclusion: String? = nil, pullRequest: Int? = nil,
        fork: RepositoryName? = nil
    ) throws -> Int64 {
        let failed = jobs.contains { $0.log != nil }
        let id = forge.addRun(
            "CI", on: branch, of: name, conclusion: conclusion ?? (failed ? "failure" : "success"), pullRequest: pullRequest, fork: fork,
            jobs: jobs.map { ($0.name, conclusion == "cancelled" ? "cancelled" : $0.log == nil ? "success" : "failure", $0.log ?? "") })
        guard let id else { throw Stage.StageError.notSeeded }
        return id
    }

    func rerun(_ id: Int64, _ jobs: [(name: String, log: String?)]) {
        let conclusion = jobs.contains { $0.log != nil } ? "failure" : "success"
        forge.repeatRun(
            id, of: name, conclusion: conclusion, jobs: jobs.map { ($0.name, $0.log == nil ? "success" : "failure", $0.log ?? "") })
    }

    @discardableResult
    func deliver(_ run: Int64, id: String, to router: Router) async throws -> HTTPResponse {
        guard let delivery = forge.runDelivery(run, of: name, from: kind, delivery: id, secret: Self.secret) else {
            throw Stage.StageError.notSeeded
        }
        return await router.respond(
            to: HTTPRequest(method: .post, path: "/webhooks/\(kind.rawValue)", headers: delivery.headers, body: delivery.body))
    }

    /// Delivers and waits until everything it leads to is done.
    func tell(_ run: Int64, _ router: Router, id: String? = nil) async throws {
        try await deliver(run, id: id ?? "\(run)-\(forge.requests.count)", to: router)
        try await settle(router)
    }

    /// Somebody says something on a pull request, and everything that follows from it.
    func say(_ body: String, on pull: Int, by author: String = "mona", id: String, to router: Router) async throws {
        let reference = PullRequestReference(repository: RepositoryReference(forge: kind, name: name), number: pull)
        guard let delivery = forge.commentDelivery(body, on: reference, id: id, secret: Self.secret, author: author) else {
            throw Stage.StageError.notSeeded
        }
        _ = await router.respond(
            to: HTTPRequest(method: .post, path: "/webhooks/\(kind.rawValue)", headers: delivery.headers, body: delivery.body))
        try await settle(router)
    }

    // MARK: What is there

    var issues: [SandboxIssue] { forge.issues(in: name) }
    var reactions: [String] { forge.reactions(in: name).map(\.content) }
    /// What we said on a pull request.
    func answers(_ number: Int) -> [String] { comments(number).filter { $0.author != "mona" && $0.author != "stranger" }.map(\.body) }
    func comments(_ number: Int) -> [SandboxComment] { forge.comments(on: number, in: name) }

    /// Writes to the forge so far, tokens left out.
    var writes: Int { forge.requests.count { $0.method != "GET" && !$0.path.hasSuffix("/access_tokens") } }

    func settle(_ router: Router) async throws {
        let clock = SystemClock()
        let deadline = clock.uptime + .seconds(60)
        while true {
            let text = String(decoding: await router.respond(to: HTTPRequest(method: .get, path: "/metrics")).bytes, as: UTF8.self)
            if text.contains("\nfettle_jobs_open 0\n") { return }
            if clock.uptime > deadline { throw Stage.StageError.notWithin(seconds: 60, what: "every job to end") }
            try await clock.sleep(for: .milliseconds(5))
        }
    }
}

/// Says which host is asked, as a client on a socket does: the forge builds addresses from it.
private struct NamedHost: HTTPClient {
    let client: InProcessHTTPClient
    let outside: (any HTTPClient)?

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        if let outside, !request.url.hasPrefix("http://forge") { return try await outside.send(request) }
        var request = request
        request.headers.replace("Host", "forge")
        return try await client.send(request)
    }
}

/// Logs as the forges' runners print them.
enum FailingLog {
    static let compile = """
        2026-04-22T16:09:30.1000000Z Complete job name: build
        2026-04-22T16:09:31.1000000Z ##[group]Run make
        2026-04-22T16:09:31.2000000Z make
        2026-04-22T16:09:31.3000000Z ##[endgroup]
        2026-04-22T16:09:37.4000000Z cc -c src/a.c
        2026-04-22T16:09:37.5000000Z src/a.c:3:5: error: expected ';' before '}' token
        2026-04-22T16:09:37.6000000Z make: *** [Makefile:2: a.o] Error 1
        2026-04-22T16:09:37.7000000Z ##[error]Process completed with exit code 2.

        """

    static let test = """
        2026-04-22T16:09:31.1000000Z ##[group]Run pytest
        2026-04-22T16:09:31.2000000Z pytest
        2026-04-22T16:09:31.3000000Z ##[endgroup]
        2026-04-22T16:09:37.4000000Z ============================= FAILURES =============================
        2026-04-22T16:09:37.4000000Z ____________________________ test_refund ___________________________
        2026-04-22T16:09:37.5000000Z E       AssertionError: assert 3 == 4
        2026-04-22T16:09:37.6000000Z FAILED tests/test_orders.py::test_refund - AssertionError: assert 3 == 4
        2026-04-22T16:09:37.7000000Z 1 failed, 12 passed in 1.10s
        2026-04-22T16:09:37.8000000Z ##[error]Process completed with exit code 1.

        """

    static let both = test + compile
}
