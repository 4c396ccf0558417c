package import Forge
package import Jobs

/// Somebody commented. Decoded and kept on record; commands in comments are not acted on yet.
package struct CommentHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .comment(let event) = event else { return nil }
        return .ignored(reason: "comment \(event.action.rawValue) on #\(event.number): recorded")
    }
}
