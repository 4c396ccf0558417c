import Basics
import Crypto
import Forge
import HTTP
import SandboxForge
import TestSupport

@testable import fettle

/// The real service between a sandbox forge and a sandbox cluster, for runs that are reported.
final class ReportStage: Sendable {
    struct Reply: Sendable, Hashable {
        let code: Int
        let status: String
        let result: String
    }

    static let token = "a-report-token"
    private static let appKey = Result { try SigningKey.generatePEM(.rs256) }

    let kind: ForgeKind
    let forge = SandboxForge()
    let cluster = SandboxCluster()
    let folder: TemporaryFolder
    let name: RepositoryName
    private let settings: [String: String]
    private let model: (any HTTPClient)?

    /// - Parameters:
    ///   - settings: over the usual ones; an empty text takes one away.
    ///   - model: answers on `http://model`.
    init(_ kind: ForgeKind = .github, settings: [String: String] = [:], model: (any HTTPClient)? = nil) throws {
        self.model = model
        self.kind = kind
        self.settings = settings
        folder = try TemporaryFolder()
        guard let name = RepositoryName("octo/demo") else { throw Stage.StageError.notSeeded }
        self.name = name
        forge.addRepository(name, files: ["README.md": "# demo\n"])
        try folder.write(
            "kubeconfig",
            """
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: fettle}}]
            clusters: [{name: here, cluster: {server: "http://localhost:6443"}}]
            users: [{name: fettle, user: {token: \(SandboxCluster.token)}}]
            """)
    }

    func perform<Result: Sendable>(_ body: @escaping @Sendable (Router) async throws -> Result) async throws -> Result {
        let service = try await Service(
            try configuration(), http: ForgeAndCluster(forge: forge, cluster: cluster, model: model), clock: SystemClock(),
            random: SystemRandom(),
            logger: .silent)
        return try await service.runWithoutServer(body)
    }

    private func configuration() throws -> Configuration {
        let key = try Self.appKey.get()
        var environment = [
            "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite", "FETTLE_KUBECONFIG": "\(folder.path)/kubeconfig",
            "FETTLE_REPORT_FAILURE_TOKEN": Self.token, "FETTLE_REPORT_FAILURE_REPOSITORY": "\(kind.rawValue):octo/demo",
        ]
        switch kind {
        case .github:
            environment.merge([
                "FETTLE_GITHUB_URL": "http://forge", "FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": "app.pem",
                "FETTLE_GITHUB_WEBHOOK_SECRET": "a webhook secret",
            ]) { $1 }
        case .gitea:
            environment.merge([
                "FETTLE_GITEA_URL": "http://forge", "FETTLE_GITEA_TOKEN": "a gitea token",
                "FETTLE_GITEA_WEBHOOK_SECRET": "a webhook secret",
            ]) { $1 }
        }
        environment = environment.merging(settings) { $1 }.filter { !$0.value.isEmpty }
        return try Configuration(environment: environment, file: [:]) { _ in key.reveal() }
    }

    // MARK: Asking

    func ask(_ body: JSONValue, _ router: Router, token: String? = ReportStage.token) async throws -> Reply {
        let headers: HTTPHeaders = token.map { ["Authorization": "Bearer \($0)", "Content-Type": "application/json"] } ?? [:]
        let response = await router.respond(
            to: HTTPRequest(method: .post, path: "/report-failure", headers: headers, body: body.serialized()))
        let document = try JSONValue(parsing: response.bytes)
        return Reply(code: response.status, status: document["status"]?.string ?? "", result: document["result"]?.string ?? "")
    }

    func report(_ run: String, _ router: Router, token: String? = ReportStage.token) async throws -> Reply {
        try await ask(["namespace": "ci", "pipelinerun": .string(run)], router, token: token)
    }

    var issues: [SandboxIssue] { forge.issues(in: name) }
}

/// `http://forge` and the cluster on `http://localhost:6443`, each to its handler.
private struct ForgeAndCluster: HTTPClient {
    private let forge: InProcessHTTPClient
    private let cluster: InProcessHTTPClient

    private let model: (any HTTPClient)?

    init(forge: SandboxForge, cluster: SandboxCluster, model: (any HTTPClient)?) {
        self.model = model
        self.forge = InProcessHTTPClient(forge)
        self.cluster = InProcessHTTPClient(cluster)
    }

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        if request.url.hasPrefix("http://localhost:6443/") { return try await cluster.send(request) }
        if let model, request.url.hasPrefix("http://model/") { return try await model.send(request) }
        return try await forge.send(request)
    }
}
