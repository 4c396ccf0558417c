import Basics
import Crypto
import Forge
import FoundationEssentials
import HTTP
import SandboxForge
import Synchronization
import TestSupport
import Testing

@testable import fettle

/// What people hear of an incident: in Slack and through a signed webhook, at its changes of state and at nothing else.
@Suite(.serialized) struct NoticeFlowTests {
    private static let secret = "a secret of thirty-two characters or more"
    private static let settings = [
        "FETTLE_SLACK_TOKEN": "xoxb-of-the-test", "FETTLE_SLACK_CHANNEL": "C1", "FETTLE_SLACK_URL": "http://slack/api",
        "FETTLE_NOTIFY_URL": "http://hook/in", "FETTLE_NOTIFY_SECRET": secret,
    ]

    /// Fails, fails again, gets well, fails again, gets well.
    private func live(_ settings: [String: String], _ kind: ForgeKind) async throws -> Listeners {
        let listeners = Listeners()
        let stage = try FailureStage(kind, settings: Self.settings.merging(settings) { $1 }, outside: listeners)
        try await stage.perform { router in
            for log in [FailingLog.compile, FailingLog.compile, nil, FailingLog.compile, nil] {
                let run = try stage.run([("build", log)])
                try await stage.tell(run, router, id: "run-\(run)")
                try await stage.tell(run, router, id: "run-\(run)")
            }
            let cancelled = try stage.run([("build", FailingLog.compile)], conclusion: "cancelled")
            try await stage.tell(cancelled, router)
        }
        #expect(stage.issues.map(\.isOpen) == [false])
        return listeners
    }

    @Test(arguments: [ForgeKind.github, .gitea])
    func `each change of state is one message in the incident's thread, repeats and cancelled runs are none`(kind: ForgeKind) async throws {
        let listeners = try await live(["FETTLE_NOTIFY_COOLDOWN": "0"], kind)
        let slack = listeners.documents("slack")
        #expect(slack.count == 4, "opened, closed, reopened, closed")
        #expect(slack.map { $0["thread_ts"]?.string } == [nil, "100.1", "100.1", "100.1"])
        #expect(slack.allSatisfy { $0["channel"]?.string == "C1" && ($0["blocks"]?.array?.count ?? 0) > 0 })
        #expect(listeners.documents("hook").count == 4)
    }

    @Test func `within the cooldown only the opening is told`() async throws {
        let listeners = try await live([:], .github)
        #expect(listeners.documents("slack").count == 1)
        #expect(listeners.documents("hook").count == 1)
    }

    @Test func `a receiver can check each notice by its signature, and knows it by its id`() async throws {
        let listeners = try await live(["FETTLE_NOTIFY_COOLDOWN": "0"], .github)
        var ids: Set<String> = []
        for request in listeners.requests("hook") {
            let id = try #require(request.headers["webhook-id"])
            let time = try #require(request.headers["webhook-timestamp"])
            let signed = Array("\(id).\(time).".utf8) + (request.body ?? [])
            let code = Data(HMACSHA256.authenticate(signed, key: Self.secret)).base64EncodedString()
            #expect(request.headers["webhook-signature"] == "v1,\(code)")
            ids.insert(id)
        }
        #expect(ids.count == 4)
    }
}

/// Slack and a receiver of notices; keeps what they were sent.
private final class Listeners: HTTPClient {
    private let sent = Mutex<[ClientRequest]>([])

    func requests(_ host: String) -> [ClientRequest] { sent.withLock { $0 }.filter { $0.url.hasPrefix("http://\(host)/") } }

    func documents(_ host: String) -> [JSONValue] { requests(host).compactMap { try? JSONValue(parsing: $0.body ?? []) } }

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let count = sent.withLock {
            $0.append(request)
            return $0.count { $0.url.hasPrefix("http://slack/") }
        }
        if request.url.hasPrefix("http://slack/") { return .json(200, ["ok": true, "ts": .string("100.\(count)")]) }
        return .json(200, [:])
    }
}
