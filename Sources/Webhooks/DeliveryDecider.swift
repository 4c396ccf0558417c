package import Forge
package import Jobs

/// What a stored delivery leads to. Pure: the same delivery always leads to the same decision.
package struct DeliveryDecider: Sendable {
    private let dialects: [ForgeKind: any WebhookDialect]
    private let previews: Bool

    /// - Parameter previews: the operator lets pull requests have environments.
    package init(dialects: [any WebhookDialect], previews: Bool = false) {
        self.previews = previews
        self.dialects = Dictionary(dialects.map { ($0.forge, $0) }, uniquingKeysWith: { $1 })
    }

    package func decide(_ delivery: Delivery) -> DeliveryDecision {
        guard let forge = ForgeKind(rawValue: delivery.forge), let dialect = dialects[forge] else {
            return .ignored(reason: "no forge '\(delivery.forge)' is configured any more")
        }
        do {
            let event = try dialect.decode(event: delivery.event, body: delivery.body)
            let decision = EventHandlers.decide(event)
            return previews ? PreviewTrigger.joined(decision, event) : decision
        } catch {
            return .malformed(reason: error.reason)
        }
    }
}
