import Basics
import FoundationEssentials
import Glibc
import HTTP
import SandboxForge
import TestSupport
import Testing

@testable import fettle

/// From an empty folder to a `fettle.yml` that a server starts from, over a forge in memory.
@Suite struct GitHubSetupTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws { folder = try TemporaryFolder() }

    private var settings: String { folder.path + "/fettle.yml" }

    private func router(_ environment: [String: String] = ["FETTLE_GITHUB_URL": "http://forge"]) throws -> Router {
        var router = Router()
        let configuration = try Configuration(environment: environment, file: [:]) { _ in "" }
        let http = InProcessHTTPClient(SandboxForge())
        GitHubSetup(configuration, settingsFile: settings, http: http, clock: clock, logger: .silent)?.add(to: &router)
        return router
    }

    private func get(_ path: String, _ query: [String: String] = [:], host: String = "127.0.0.1:8080", from router: Router) async
        -> (status: Int, text: String, headers: HTTPHeaders)
    {
        let fields = query.map { HTTPHeaders.Field(name: $0.key, value: $0.value) }
        let answer = await router.respond(to: HTTPRequest(method: .get, path: path, query: fields, headers: ["Host": host]))
        return (answer.status, String(decoding: answer.bytes, as: UTF8.self), answer.headers)
    }

    /// Asks for the form as an operator does; the state in it.
    private func begin(_ router: Router) async throws -> String {
        let form = await get(GitHubSetup.path, ["site": "https://fettle.example.com/"], from: router)
        #expect(form.status == 200)
        let address = try #require(form.text.firstRange(of: "action=\"http://forge/settings/apps/new?state="))
        return String(form.text[address.upperBound...].prefix { $0 != "\"" })
    }

    @Test func `an App is registered from this machine, and a server starts from what was written`() async throws {
        let router = try router()
        #expect(await get(GitHubSetup.path, from: router).text.contains("Address at which GitHub reaches this server"))
        let state = try await begin(router)
        let done = await get(GitHubSetup.returnPath, ["code": "good-code", "state": state], from: router)
        #expect(done.status == 200 && done.text.contains("What to do now"))
        #expect(done.text.contains("http://forge/apps/fettle-sandbox/installations/new"))
        #expect(!done.text.contains("sandbox-webhook-secret") && !done.text.contains("PRIVATE KEY"))
        for name in ["fettle.yml", "github-app.pem", "github-webhook-secret"] {
            var status = stat()
            #expect(stat("\(folder.path)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600, "\(name)")
        }
        let configuration = try Configuration.load(environment: ["FETTLE_CONFIG": settings])
        #expect(configuration.github?.apiURL == "http://forge")
        #expect(configuration.github?.webhookSecrets == [Secret("sandbox-webhook-secret")])
        guard case .app(id: "42", _) = configuration.github?.credential else {
            Issue.record("no App is configured")
            return
        }
    }

    @Test func `the form carries our manifest to GitHub and nowhere else`() async throws {
        let form = await get(GitHubSetup.path, ["site": "https://f.example", "organization": "octo-org"], from: try router())
        #expect(form.text.contains("action=\"http://forge/organizations/octo-org/settings/apps/new?state="))
        #expect(form.text.contains("&quot;url&quot;:&quot;https://f.example/webhooks/github&quot;"))
        #expect(form.text.contains("&quot;redirect_url&quot;:&quot;http://127.0.0.1:8080/setup/github/registered&quot;"))
        #expect(form.headers["Content-Security-Policy"]?.contains("form-action 'self' http://forge;") == true)
    }

    @Test func `a code without a state of ours, or with one used or stale, is not exchanged`() async throws {
        let router = try router()
        #expect(await get(GitHubSetup.returnPath, ["code": "good-code"], from: router).status == 400)
        #expect(await get(GitHubSetup.returnPath, ["code": "good-code", "state": "guess"], from: router).status == 400)
        let stale = try await begin(router)
        clock.advance(by: .seconds(3601))
        #expect(await get(GitHubSetup.returnPath, ["code": "good-code", "state": stale], from: router).status == 400)
        let state = try await begin(router)
        #expect(await get(GitHubSetup.returnPath, ["code": "bad-code", "state": state], from: router).text.contains("may have been used"))
        #expect(await get(GitHubSetup.returnPath, ["code": "good-code", "state": state], from: router).status == 400)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `files that are there are never overwritten`() async throws {
        try Data("github:\n  url: http://forge\n".utf8).write(to: URL(filePath: settings))
        let router = try router()
        let state = try await begin(router)
        let done = await get(GitHubSetup.returnPath, ["code": "good-code", "state": state], from: router)
        #expect(done.text.contains("was not changed") && done.text.contains("app_id: 42"))
        #expect(FileManager.default.contents(atPath: settings) == Data("github:\n  url: http://forge\n".utf8))
        #expect(await get(GitHubSetup.path, from: router).text.contains("is there already"))
    }

    @Test func `nothing is offered where a credential is configured, nor to another machine`() async throws {
        let configured = try router(["FETTLE_GITHUB_TOKEN": "t"])
        #expect(await get(GitHubSetup.path, from: configured).status == 404)
        #expect(await get(GitHubSetup.path, host: "fettle.example.com", from: try router()).status == 403)
        #expect(await get(GitHubSetup.returnPath, ["code": "good-code"], host: "evil.test", from: try router()).status == 403)
    }

    @Test(arguments: [
        ["site": "javascript:alert(1)"], ["site": "https://a b"], ["site": "https://x/\"><script>"], ["site": ""],
        ["site": "https://f.example", "organization": "../../evil"],
        ["site": "https://f.example", "name": String(repeating: "n", count: 35)],
    ])
    func `answers that make no App are refused with the reason, and nothing in them acts`(query: [String: String]) async throws {
        let answer = await get(GitHubSetup.path, query, from: try router())
        #expect(answer.status == 422)
        #expect(answer.text.contains("Not possible so:") && !answer.text.contains("<script>") && !answer.text.contains("javascript:"))
    }

    @Test func `a hostile name stays text`() async throws {
        let query = ["site": "https://f.example", "name": "\"><img src=x onerror=1>"]
        let answer = await get(GitHubSetup.path, query, from: try router())
        #expect(answer.status == 200 && !answer.text.contains("<img"))
    }
}
