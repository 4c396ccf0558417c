package import Forge
package import Jobs

/// What a stored delivery leads to. Pure: the same delivery always leads to the same decision.
package struct DeliveryDecider: Sendable {
    private let dialects: [ForgeKind: any WebhookDialect]
    private let previews: Bool
    private let proposesSetup: Bool

    /// - Parameters:
    ///   - previews: the operator lets pull requests have environments.
    ///   - proposesSetup: the operator wants repositories that the App is newly given to be offered CI.
    package init(dialects: [any WebhookDialect], previews: Bool = false, proposesSetup: Bool = false) {
        self.previews = previews
        self.proposesSetup = proposesSetup
        self.dialects = Dictionary(dialects.map { ($0.forge, $0) }, uniquingKeysWith: { $1 })
    }

    package func decide(_ delivery: Delivery) -> DeliveryDecision {
        guard let forge = ForgeKind(rawValue: delivery.forge), let dialect = dialects[forge] else {
            return .ignored(reason: "no forge '\(delivery.forge)' is configured any more")
        }
        do {
            let event = try dialect.decode(event: delivery.event, body: delivery.body)
            let plain = EventHandlers.decide(event)
            let decision = proposesSetup ? SetupTrigger.joined(plain, event) : plain
            return previews ? PreviewTrigger.joined(decision, event) : decision
        } catch {
            return .malformed(reason: error.reason)
        }
    }
}
