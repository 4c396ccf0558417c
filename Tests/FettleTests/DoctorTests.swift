import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import SandboxForge
import Storage
import TestSupport
import Testing

@testable import fettle

@Suite struct DoctorTests {
    private let clock = JumpingClock()

    private func tools(_ http: any HTTPClient) -> DoctorTools { DoctorTools(http: http, clock: clock, random: SeededRandom(seed: 1)) }

    private func configuration(_ environment: [String: String]) throws -> Configuration {
        try Configuration(environment: environment, file: [:]) { _ in "" }
    }

    private static let dead = ScriptedHTTPClient([.failure(.notConnected(host: "forge", reason: "refused"))])

    @Test func `a forge out of reach is one fault, with a credential or without`() async throws {
        for environment in [["FETTLE_GITHUB_TOKEN": "t"], ["FETTLE_GITHUB_WEBHOOK_SECRET": "s"]] {
            let configuration = try configuration(environment.merging(["FETTLE_DATABASE": "sqlite::memory:"]) { $1 })
            var faults: [Diagnosis] = []
            for check in [ClockCheck(), GitHubCheck()] as [any DoctorCheck] {
                faults += await check.diagnose(configuration, with: tools(Self.dead)).filter { $0.state == .bad }
            }
            #expect(faults.count == 1 && faults.first?.fix != nil, "\(faults)")
        }
    }

    @Test(arguments: [(-3600, "behind"), (120, "ahead of")])
    func `a clock that is off is named with the number of seconds and the fix`(skew: Int, word: String) async throws {
        let date = "Fri, 20 Nov 2026 19:00:00 GMT"
        let theirs = try #require(ClockCheck.time(date))
        let clock = JumpingClock(start: theirs + .seconds(skew))
        let http = ScriptedHTTPClient([.success(ClientResponse(status: 200, headers: ["Date": date], body: []))])
        let found = await ClockCheck().diagnose(
            try configuration(["FETTLE_GITHUB_TOKEN": "t"]), with: DoctorTools(http: http, clock: clock, random: SeededRandom(seed: 1)))
        #expect(found.first?.state == .bad && found.first?.finding.hasPrefix("\(abs(skew)) s \(word) the forge's") == true, "\(found)")
        #expect(found.first?.fix?.contains("timedatectl") == true)
    }

    @Test func `the model is given the configured time, and each failure has its own advice`() async throws {
        let configuration = try configuration([
            "FETTLE_LLM_URL": "http://model/v1", "FETTLE_LLM_MODEL": "m", "FETTLE_LLM_TIMEOUT": "7",
        ])
        let advice: [(Result<ClientResponse, HTTPClientError>, String)] = [
            (.failure(.timedOut(host: "model", after: .seconds(7))), "loads or computes too slowly"),
            (.failure(.notConnected(host: "model", reason: "refused")), "start the model server"),
            (.success(.json(401, ["error": ["message": "no"]])), "FETTLE_LLM_API_KEY"),
            (.success(.json(404, ["error": ["message": "no such model"]])), "FETTLE_LLM_MODEL"),
            (.success(ClientResponse(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>".utf8))), "not a web page"),
        ]
        for (answer, words) in advice {
            let http = ScriptedHTTPClient([answer])
            let found = await ModelCheck().diagnose(configuration, with: tools(http))
            #expect(found.first?.state == .bad && found.first?.fix?.contains(words) == true, "\(words): \(found)")
            #expect(http.requests.allSatisfy { $0.deadline <= .seconds(7) })
        }
    }

    @Test func `a probe of a port nobody can know says so and is a matter of configuration`() async {
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(
            ["doctor", "--probe"], in: terminal.context(environment: ["FETTLE_LISTEN": "127.0.0.1:0"]))
        #expect(status == .usage)
        #expect(terminal.error.contains("FETTLE_LISTEN has port 0"))
    }

    @Test func `what the App lacks is named, with where to add it`() {
        let grants = GitHubGrants(
            permissions: [GitHubPermission("checks", .read), GitHubPermission("contents", .write)], events: ["pull_request"])
        let found = GitHubCheck.rights(grants)
        #expect(found.map(\.state) == [.bad, .bad])
        #expect(found.first?.finding == "the App lacks actions: read, checks: write, issues: write, metadata: read, pull_requests: write")
        #expect(found.last?.finding.contains("is not told of check_run, issue_comment, merge_group") == true)
        #expect(found.allSatisfy { $0.fix?.contains("Permissions & events") == true })
        let all = Set(GitHubPermissions.needed(for: Configuration.gitHubPurposes))
        let events = Set(GitHubPermissions.events(for: Configuration.gitHubPurposes))
        #expect(GitHubCheck.rights(GitHubGrants(permissions: all, events: events)).map(\.state) == [.good])
        #expect(GitHubCheck.rights(nil).isEmpty)
    }

    @Test(arguments: [(401, "another secret"), (404, "answered 404"), (503, "answered 503"), (202, "was taken")])
    func `how the newest delivery was answered tells of a wrong secret or address`(status: Int, words: String) async throws {
        let forge = SandboxForge(clock: clock)
        let pull = try #require(SandboxSample.seed(forge))
        let delivery = try #require(forge.pullRequestDelivery("opened", pull, id: "1", secret: Secret("s")))
        _ = try await forge.send(delivery, to: "http://x.test/", with: ScriptedHTTPClient([.success(.json(status, [:]))]))
        let key = try SigningKey(pem: SigningKey.generatePEM(.rs256))
        let settings = GitHubSettings(url: "http://forge", credential: .app(id: "1", key: key))
        let access = GitHubAccess(settings, http: InProcessHTTPClient(forge), clock: clock, random: SeededRandom(seed: 1))
        let found = try await GitHubCheck.deliveries(access, clock)
        #expect(found.count == 1 && found.first?.finding.contains(words) == true, "\(found)")
        #expect((found.first?.fix != nil) == (status != 202))
    }
}
