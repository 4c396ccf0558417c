package import Basics
import Crypto
import Forge
import FoundationEssentials
package import HTTP

/// A signed JSON document to any address.
///
/// Signed after the Standard Webhooks scheme: `webhook-signature: v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
/// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md
package struct WebhookSink: NoticeSink {
    package let name = "webhook"
    package let knowsRepeats = true
    private let url: String
    private let secret: Secret
    private let http: any HTTPClient
    private let clock: any Clock

    package init(url: String, secret: Secret, http: any HTTPClient, clock: any Clock) {
        self.url = url
        self.secret = secret
        self.http = http
        self.clock = clock
    }

    package func send(_ notice: Notice, thread: String?) async throws(NoticeError) -> String {
        // The same for every attempt: a receiver that has seen it takes no second one.
        let id = "\(String(SHA256.hex(of: notice.subject).prefix(32)))-\(notice.number)"
        let body = Self.document(notice, id: id).serialized()
        let stamp = "\(clock.now.seconds)"
        let signature = HMACSHA256.authenticate(Array("\(id).\(stamp).".utf8) + body, key: Array(secret.reveal().utf8))
        let request = ClientRequest(
            .post, url,
            headers: [
                "Content-Type": "application/json", "User-Agent": "fettle", "webhook-id": id, "webhook-timestamp": stamp,
                "webhook-signature": "v1,\(Data(signature).base64EncodedString())",
            ], body: body, deadline: .seconds(15), responseLimit: .kibibytes(64))
        let response: ClientResponse
        do throws(HTTPClientError) {
            response = try await http.send(request)
        } catch {
            throw error.mayHaveActed ? .ambiguous(sink: name, reason: "\(error)") : .unreachable(sink: name, reason: "\(error)")
        }
        switch response.status {
        case 200...299: return id
        case 429: throw .limited(sink: name, retryAfter: .seconds(30))
        case 500...599: throw .ambiguous(sink: name, reason: "status \(response.status)")
        default: throw .refused(sink: name, reason: "status \(response.status): check FETTLE_NOTIFY_URL and the receiver's secret")
        }
    }

    /// `{"version": 1, "id", "type": "incident.opened"|"incident.reopened"|"incident.closed", "title", "facts": {…}, "link", "at"}`
    private static func document(_ notice: Notice, id: String) -> JSONValue {
        let facts = Dictionary(notice.facts.map { ($0.name, JSONValue.string($0.text.text)) }, uniquingKeysWith: { first, _ in first })
        return [
            "version": 1, "id": .string(id), "type": .string("incident.\(notice.state.rawValue)"), "title": .string(notice.title.text),
            "facts": .object(facts), "link": notice.link.map { .string($0.text) } ?? .null, "at": .string(notice.at.iso8601),
        ]
    }
}
