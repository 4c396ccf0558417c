package import Basics

/// One attempt of the forge to deliver an event to us.
package struct HookDelivery: Sendable, Hashable {
    package let id: Int64
    /// The same for every attempt.
    package let guid: String
    package let time: Timestamp
    package let event: String
    /// We answered 2xx.
    package let succeeded: Bool
    /// What we answered; `nil` when the forge got no answer.
    package let status: Int?

    package init(id: Int64, guid: String, time: Timestamp, event: String, succeeded: Bool, status: Int? = nil) {
        self.id = id
        self.guid = guid
        self.time = time
        self.event = event
        self.succeeded = succeeded
        self.status = status
    }

    /// The last attempt of each delivery that never succeeded, oldest first: what to ask for again.
    package static func toRepeat(_ attempts: [HookDelivery]) -> [HookDelivery] {
        Dictionary(grouping: attempts, by: \.guid).values
            .filter { attempts in !attempts.contains { $0.succeeded } }
            .compactMap { attempts in attempts.max { ($0.time, $0.id) < ($1.time, $1.id) } }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }
}

/// The forge's own record of what it sent us. GitHub does not try again by itself, but on request for three days.
///
/// Source: docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
package protocol HookDeliveryLog: Sendable {
    /// Attempts since then, newest first.
    func deliveries(since: Timestamp) async throws(ForgeError) -> [HookDelivery]
    func redeliver(_ id: Int64) async throws(ForgeError)
}
