package import Basics

/// One try of the forge to hand a delivery to us.
package struct DeliveryAttempt: Sendable, Hashable {
    /// What `redeliver` takes.
    package let id: Int64
    /// The delivery's own id, the same over all attempts.
    package let deliveryID: String
    package let at: Timestamp
    /// We answered 2xx, as the forge saw it.
    package let succeeded: Bool

    package init(id: Int64, deliveryID: String, at: Timestamp, succeeded: Bool) {
        self.id = id
        self.deliveryID = deliveryID
        self.at = at
        self.succeeded = succeeded
    }
}

/// A hook whose past deliveries the forge remembers: a GitHub App's, or a repository's.
///
/// Source: docs.github.com/rest/apps/webhooks and /rest/repos/webhooks ("list deliveries", "redeliver"); kept for three days.
package protocol DeliverySource: Sendable {
    /// For the audit log, e.g. `github app 12345`.
    var name: String { get }

    /// Every attempt since `start`, in any order; all pages are read.
    func attempts(since start: Timestamp) async throws(ForgeError) -> [DeliveryAttempt]

    /// Asks the forge to try again. It does so soon, with the same delivery id.
    func redeliver(_ attempt: Int64) async throws(ForgeError)
}
