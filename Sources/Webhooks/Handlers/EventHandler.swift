package import Forge
package import Jobs

/// Turns one kind of event into work. Pure: what it returns is all it does.
package protocol EventHandler: Sendable {
    /// `nil` when the event is another handler's.
    func decide(_ event: ForgeEvent) -> DeliveryDecision?
}

/// All handlers; the first that knows an event decides it.
package enum EventHandlers {
    package static let all: [any EventHandler] = [
        PingHandler(), PullRequestHandler(), CheckRunHandler(), MergeGroupHandler(), InstallationHandler(),
        InstallationRepositoriesHandler(),
        CommentHandler(), ReviewThreadHandler(), WorkflowRunHandler(),
    ]

    package static func decide(_ event: ForgeEvent) -> DeliveryDecision {
        for handler in all {
            if let decision = handler.decide(event) { return decision }
        }
        if case .unhandled(let name, let action) = event {
            return .ignored(reason: "nothing here acts on \(name)\(action.map { ".\($0)" } ?? "")")
        }
        return .ignored(reason: "nothing here acts on it")
    }
}
