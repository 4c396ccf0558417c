import Basics
import Crypto
import Forge
import HTTP
import Jobs
import SandboxForge
import Storage
import TestSupport
import Testing
import Webhooks

@testable import fettle

/// What the door answers, and what it keeps.
@Suite(.serialized) struct WebhookDoorTests {
    private static let body = Array(#"{"zen": "Design for failure.", "hook_id": 1}"#.utf8)
    private static var signature: String { "sha256=" + Hex.encode(HMACSHA256.authenticate(body, key: Stage.secret.reveal())) }

    private static let refusals: [(name: String, headers: HTTPHeaders)] = [
        ("missing", [:]), ("empty", ["X-Hub-Signature-256": ""]), ("short", ["X-Hub-Signature-256": String(signature.dropLast())]),
        ("long", ["X-Hub-Signature-256": signature + "0"]),
        ("upper case", ["X-Hub-Signature-256": "sha256=" + signature.dropFirst(7).uppercased()]),
        ("doubled", ["X-Hub-Signature-256": signature, "x-hub-signature-256": signature]),
        ("SHA-1 only", ["X-Hub-Signature": "sha1=0123456789012345678901234567890123456789"]),
        ("of other bytes", ["X-Hub-Signature-256": "sha256=" + String(repeating: "0", count: 64)]),
    ]

    @Test(arguments: refusals.map(\.name))
    func `a delivery without one right signature is refused and leaves no row`(name: String) async throws {
        let headers = try #require(Self.refusals.first { $0.name == name }).headers
        let (answer, kept) = try await send("ping", headers)
        #expect(answer.status == 401)
        #expect(kept == 0)
    }

    @Test func `a signed ping, an unknown event and bad JSON are each accepted and kept`() async throws {
        #expect(try await send("ping", ["X-Hub-Signature-256": Self.signature]) == (202, 1))
        #expect(try await send("no_such_event", ["X-Hub-Signature-256": Self.signature]) == (202, 1))
        let broken = Array("{".utf8)
        let signature = "sha256=" + Hex.encode(HMACSHA256.authenticate(broken, key: Stage.secret.reveal()))
        #expect(try await send("pull_request", ["X-Hub-Signature-256": signature], body: broken) == (202, 1))
    }

    @Test func `Gitea's deliveries and form-encoded ones are told what to change`() async throws {
        let gitea = try await send("ping", ["X-Hub-Signature-256": Self.signature, "X-Gitea-Event": "push"])
        #expect(gitea.answer.status == 400)
        #expect(String(decoding: gitea.answer.bytes, as: UTF8.self).contains("/webhooks/gitea"))
        let form = try await send("ping", ["X-Hub-Signature-256": Self.signature, "Content-Type": "application/x-www-form-urlencoded"])
        #expect(form.answer.status == 415)
        #expect(form.kept == 0)
    }

    @Test(arguments: ["text/plain", "application/jsonp", "multipart/form-data; boundary=x"])
    func `what is not sent as JSON is told so and leaves no row`(type: String) async throws {
        let (answer, kept) = try await send("ping", ["X-Hub-Signature-256": Self.signature, "Content-Type": type])
        #expect(answer.status == 415)
        #expect(kept == 0)
    }

    @Test(arguments: ["application/json", "Application/JSON; charset=utf-8", "application/json ;charset=utf-8"])
    func `JSON is taken however its type is written`(type: String) async throws {
        #expect(try await send("ping", ["X-Hub-Signature-256": Self.signature, "Content-Type": type]) == (202, 1))
    }

    @Test(arguments: ["X-GitHub-Event", "x-github-delivery"])
    func `a header that names the delivery may come once`(name: String) async throws {
        let (answer, kept) = try await send("ping", ["X-Hub-Signature-256": Self.signature, name: "pull_request"])
        #expect(answer.status == 400)
        #expect(kept == 0)
    }

    @Test func `an old signature alone is told apart from none, and what to do is said`() async throws {
        let old = try await send("ping", ["X-Hub-Signature": "sha1=0123456789012345678901234567890123456789"]).answer
        let advice = "only a SHA-1 signature: let the SHA-256 one through; the forge sends both, so something between drops it\n"
        #expect(String(decoding: old.bytes, as: UTF8.self) == advice)
        let none = try await send("ping", [:]).answer
        #expect(String(decoding: none.bytes, as: UTF8.self) == "no signature header: set the hook's secret to the one configured here\n")
    }

    @Test func `an address that is almost right is answered 404, whatever was sent`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            let request = HTTPRequest(method: .post, path: "/webhooks/github/", body: Self.body)
            #expect(router.plan(for: request).bodyLimit >= ByteCount(Self.body.count))
            #expect(await router.respond(to: request).status == 404)
        }
    }

    @Test func `GitHub's delivery at Gitea's door is told the right address, and leaves no row`() async throws {
        let doors = try await Doors(.gitea)
        let delivery = SandboxDelivery.github(event: "ping", payload: ["zen": "x", "hook_id": 1], id: "1", secret: Doors.secret)
        let request = HTTPRequest(method: .post, path: "/webhooks/gitea", headers: delivery.headers, body: delivery.body)
        let answer = await doors.endpoint.respond(to: request)
        #expect(answer.status == 400)
        #expect(String(decoding: answer.bytes, as: UTF8.self).contains("set the hook's address to /webhooks/github"))
        #expect(try await doors.inbox.counts().byState.isEmpty)
        await doors.database.close()
    }

    @Test func `a forge that is not configured has no door`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            #expect(await router.respond(to: HTTPRequest(method: .post, path: "/webhooks/gitea")).status == 404)
        }
    }

    private func send(_ event: String, _ headers: HTTPHeaders, body: [UInt8] = body) async throws -> (answer: HTTPResponse, kept: Int) {
        let stage = try Stage()
        return try await stage.perform { router in
            var headers = headers
            headers.add("X-GitHub-Event", event)
            headers.add("X-GitHub-Delivery", "d-1")
            let answer = await router.respond(to: HTTPRequest(method: .post, path: "/webhooks/github", headers: headers, body: body))
            try await stage.settle(router)
            let counts = await router.respond(to: HTTPRequest(method: .get, path: "/api/v1/counts", headers: ["Host": "localhost"]))
            let deliveries = try JSONValue(parsing: counts.bytes)["deliveries"]?.object ?? [:]
            return (answer, deliveries.values.compactMap(\.int).reduce(0, +))
        }
    }
}

private func == (a: (answer: HTTPResponse, kept: Int), b: (Int, Int)) -> Bool { a.answer.status == b.0 && a.kept == b.1 }
