package import Forge
package import Jobs

/// Somebody resolved a thread on a line, or opened it again.
package struct ReviewThreadHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .reviewThread(let event) = event else { return nil }
        return .ignored(reason: "thread \(event.isResolved ? "resolved" : "opened again") on #\(event.pullRequest.number): recorded")
    }
}
