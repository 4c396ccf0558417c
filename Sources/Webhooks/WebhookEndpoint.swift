package import Basics
import Crypto
package import Forge
package import HTTP
package import Jobs
import Synchronization

/// The door for one forge's deliveries: verify over raw bytes, put on disk, answer 202. Nothing is decoded here; a glance tells what nobody
/// acts on, so that it is written once.
package final class WebhookEndpoint: Sendable {
    private let dialect: any WebhookDialect
    private let secrets: [Secret]
    /// The forge's host: part of what identifies a delivery.
    private let host: String
    private let inbox: Inbox
    private let counter: @Sendable (Outcome) -> Void
    private let clock: any Clock
    private let pace = Mutex(AcceptancePace())

    /// What became of a request, for counting.
    package enum Outcome: Sendable, Hashable {
        case accepted
        case repeated
        case refused(DoorRefusal)
        /// Not stored, and why.
        case unavailable(String)
    }

    package init(
        dialect: any WebhookDialect, secrets: [Secret], host: String, inbox: Inbox, clock: any Clock,
        counter: @escaping @Sendable (Outcome) -> Void = { _ in }
    ) {
        self.dialect = dialect
        self.secrets = secrets
        self.host = host
        self.inbox = inbox
        self.clock = clock
        self.counter = counter
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard pace.withLock({ $0.begin(at: clock.uptime) }) else {
            counter(.unavailable("more deliveries at once than can be stored in time"))
            return unavailable("busy: deliver it again later", retryAfter: 5)
        }
        defer { pace.withLock { $0.end(at: clock.uptime) } }
        return await answer(request)
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = DoorRefusal(of: request, at: dialect, secrets: secrets) {
            counter(.refused(refusal))
            return refusal.response
        }
        let envelope = dialect.envelope(headers: request.headers)
        let event = envelope.event ?? ""
        let delivery = Delivery(
            forge: dialect.forge.rawValue, host: host, hook: envelope.hook,
            // Without an id the content stands for it: the same bytes twice are one delivery.
            deliveryID: envelope.deliveryID ?? "sha256:" + SHA256.hex(of: request.body), event: event, body: request.body,
            receivedAt: clock.now)
        return await store(delivery)
    }

    private func store(_ delivery: Delivery) async -> HTTPResponse {
        do {
            switch try await inbox.accept(delivery, ignoredBecause: reasonToIgnore(delivery)) {
            case .stored, .runsAgain:
                counter(.accepted)
                return .json(202, ["status": "accepted", "delivery": .string(delivery.deliveryID)])
            case .repeated:
                counter(.repeated)
                return .json(202, ["status": "repeated", "delivery": .string(delivery.deliveryID)])
            }
        } catch {
            counter(.unavailable("\(error)"))
            return unavailable("not stored, so not accepted: deliver it again later", retryAfter: 30)
        }
    }

    private func unavailable(_ reason: String, retryAfter seconds: Int) -> HTTPResponse {
        var response = HTTPResponse.text(503, reason)
        response.headers.add("Retry-After", "\(seconds)")
        return response
    }

    private func reasonToIgnore(_ delivery: Delivery) -> String? {
        guard let event = dialect.unhandled(event: delivery.event, body: delivery.body),
            case .ignored(let reason) = EventHandlers.decide(event)
        else { return nil }
        return reason
    }
}
