package import Forge
package import Jobs

/// Somebody resolved a thread on a line, or opened it again: what we said there is remembered as settled, or not.
package struct ReviewThreadHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .reviewThread(let event) = event else { return nil }
        return .handled(jobs: [ResolveThreadRequest(event).job], because: "a thread was \(event.isResolved ? "resolved" : "opened again")")
    }
}
