package import Forge
package import Jobs

/// The forge tries the hook out.
package struct PingHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        event == .ping ? .ignored(reason: "ping: the hook works") : nil
    }
}
