import Basics
import Crypto
import Forge
import FoundationEssentials
import HTTP
import Notifiers
import TestSupport
import Testing

/// What every sink promises, over all of them, and what each says on the wire.
@Suite struct NoticeSinkTests {
    struct Kind: CustomTestStringConvertible {
        let name: String
        let make: @Sendable (any HTTPClient) -> any NoticeSink
        let accepted: ClientResponse
        var testDescription: String { name }
    }

    private static let token = Secret("xoxb-" + "1234567890-test")
    private static let key = Secret("a secret of thirty-two characters or more")

    static let kinds = [
        Kind(
            name: "Slack", make: { SlackSink(url: "https://slack.test/api", token: token, channel: "C1", http: $0) },
            accepted: .json(200, ["ok": true, "ts": "171.5"])),
        Kind(
            name: "webhook", make: { WebhookSink(url: "https://hook.test/in", secret: key, http: $0, clock: ManualClock()) },
            accepted: .json(204, [:])),
    ]

    private static func notice(_ title: String = "It broke", number: Int = 1, facts: Int = 3) -> Notice {
        Notice(
            subject: "github:octo/shop:f00", number: number, state: .opened, title: PublishableText(checked: title),
            facts: (0..<facts).map { Notice.Fact("fact \($0)", PublishableText(checked: String(repeating: "x", count: 3000))) },
            link: RepositoryName("octo/shop").flatMap { .issue(7, in: $0, site: "https://github.test") },
            at: Timestamp(seconds: 1_800_000_000))
    }

    @Test(arguments: kinds) func `a notice is one request, and its receiver's id comes back`(kind: Kind) async throws {
        let http = ScriptedHTTPClient([.success(kind.accepted)])
        #expect(try await !kind.make(http).send(Self.notice(), thread: nil).isEmpty)
        #expect(http.requests.count == 1)
    }

    @Test(arguments: kinds) func `refusals, limits, lost answers and unreachable receivers are told apart, without the credential`(
        kind: Kind
    ) async throws {
        let answers: [(Result<ClientResponse, HTTPClientError>, (NoticeError) -> Bool)] = [
            (.success(.json(404, [:])), { if case .refused = $0 { true } else { false } }),
            (.success(.json(429, [:])), { if case .limited = $0 { true } else { false } }),
            (.success(.json(503, [:])), { if case .ambiguous = $0 { true } else { false } }),
            (.failure(.timedOut(host: "h", after: .seconds(1))), { if case .ambiguous = $0 { true } else { false } }),
            (.failure(.notConnected(host: "h", reason: "refused")), { if case .unreachable = $0 { true } else { false } }),
        ]
        for (answer, isExpected) in answers {
            let http = ScriptedHTTPClient([answer])
            do {
                _ = try await kind.make(http).send(Self.notice(), thread: nil)
                Issue.record("sent in spite of \(answer)")
            } catch {
                #expect(isExpected(error), "\(error)")
                #expect(!"\(error)".contains(Self.token.reveal()) && !"\(error)".contains(Self.key.reveal()))
            }
            #expect(http.requests.count == 1)
        }
    }

    @Test func `Slack gets blocks within its limits, plain text alone, and the thread`() async throws {
        let http = ScriptedHTTPClient([.success(.json(200, ["ok": true, "ts": "2.2"]))])
        let sink = SlackSink(url: "https://slack.test/api", token: Self.token, channel: "C1", http: http)
        let title = "<!channel> *bold* " + String(repeating: "🧨", count: 4000)
        #expect(try await sink.send(Self.notice(title, number: 2, facts: 14), thread: "1.1") == "2.2")
        let request = try #require(http.requests.first)
        #expect(request.url == "https://slack.test/api/chat.postMessage")
        #expect(request.headers["Authorization"] == "Bearer \(Self.token.reveal())")
        let body = try JSONValue(parsing: request.body ?? [])
        #expect(body["thread_ts"]?.string == "1.1")
        for block in body["blocks"]?.array ?? [] {
            let texts = [block["text"]].compactMap { $0 } + (block["fields"]?.array ?? [])
            #expect((block["fields"]?.array ?? []).count <= 10)
            for text in texts {
                #expect(text["type"]?.string == "plain_text")
                let limit = block["type"]?.string == "header" ? 150 : block["fields"] == nil ? 3000 : 2000
                #expect((text["text"]?.string ?? "").utf16.count <= limit)
            }
        }
    }

    @Test func `Slack's refusals say what to change`() async throws {
        for (word, setting) in [
            ("invalid_auth", "FETTLE_SLACK_TOKEN"), ("channel_not_found", "FETTLE_SLACK_CHANNEL"), ("missing_scope", "chat:write"),
        ] {
            let http = ScriptedHTTPClient([.success(.json(200, ["ok": false, "error": .string(word)]))])
            let sink = SlackSink(url: "https://slack.test/api", token: Self.token, channel: "C1", http: http)
            do {
                _ = try await sink.send(Self.notice(), thread: nil)
                Issue.record("sent")
            } catch {
                #expect("\(error)".contains(setting))
            }
        }
    }

    @Test func `a document is signed over id, time and body, and keeps its id when it is sent again`() async throws {
        let http = ScriptedHTTPClient([.success(.json(200, [:])), .success(.json(200, [:]))])
        let sink = WebhookSink(url: "https://hook.test/in", secret: Self.key, http: http, clock: ManualClock())
        _ = try await sink.send(Self.notice(), thread: nil)
        _ = try await sink.send(Self.notice(), thread: nil)
        let request = try #require(http.requests.first)
        let (id, time) = (try #require(request.headers["webhook-id"]), try #require(request.headers["webhook-timestamp"]))
        let expected = HMACSHA256.authenticate(Array("\(id).\(time).".utf8) + (request.body ?? []), key: Self.key.reveal())
        #expect(request.headers["webhook-signature"] == "v1," + Data(expected).base64EncodedString())
        #expect(http.requests.map { $0.headers["webhook-id"] } == [id, id])
        let document = try JSONValue(parsing: request.body ?? [])
        #expect(document["type"]?.string == "incident.opened")
        #expect(document["version"]?.int == 1)
    }
}
