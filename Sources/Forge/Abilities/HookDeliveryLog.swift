package import Basics

/// One attempt of the forge to deliver an event to us.
package struct HookDelivery: Sendable, Hashable {
    package let id: Int64
    /// The same for every attempt.
    package let guid: String
    package let time: Timestamp
    package let event: String
    /// What we answered, as the forge saw it; 0 when it saw no answer.
    package let status: Int

    package init(id: Int64, guid: String, time: Timestamp, event: String, status: Int) {
        self.id = id
        self.guid = guid
        self.time = time
        self.event = event
        self.status = status
    }

    /// We answered 2xx.
    package var succeeded: Bool { (200...299).contains(status) }
    /// It reached us and we did not want it: a wrong secret, a wrong content type.
    package var wasRefused: Bool { (400...499).contains(status) && status != 408 && status != 429 }

    /// What is refused this often is refused for a reason that more attempts do not change.
    package static let mostRefusals = 3

    /// The last attempt of each delivery that never succeeded and was not refused again and again, oldest first: what to ask for again.
    package static func toRepeat(_ attempts: [HookDelivery]) -> [HookDelivery] {
        Dictionary(grouping: attempts, by: \.guid).values
            .filter { tries in !tries.contains(where: \.succeeded) && tries.count(where: \.wasRefused) < mostRefusals }
            .compactMap { tries in tries.max { ($0.time, $0.id) < ($1.time, $1.id) } }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }
}

/// The forge's own record of what one hook sent us. GitHub does not try again by itself, but on request for three days.
///
/// Source: docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
package protocol HookDeliveryLog: Sendable {
    /// For audit log and people, e.g. `the App's hook`.
    var hookName: String { get }

    /// Attempts since then, newest first; every page is read.
    func deliveries(since: Timestamp) async throws(ForgeError) -> [HookDelivery]

    /// Asks the forge to try again. It does so soon, with the same `guid`.
    func redeliver(_ id: Int64) async throws(ForgeError)
}

/// A hook that sent us something before, by what its deliveries tell.
package struct KnownHook: Sendable, Hashable {
    package let forge: ForgeKind
    /// The forge's host, as deliveries are told apart by it.
    package let host: String
    package let id: String
    package let repository: RepositoryName

    package init(forge: ForgeKind, host: String, id: String, repository: RepositoryName) {
        self.forge = forge
        self.host = host
        self.id = id
        self.repository = repository
    }
}

/// Finds the records of a forge's hooks: the App's own, or those of the repositories that are known to send us deliveries.
package protocol HookDeliveryLogs: Sendable {
    func deliveryLogs(of hooks: [KnownHook]) -> [any HookDeliveryLog]
}
