package import Forge
package import Jobs

/// A workflow run changed state. Decoded and kept on record.
package struct WorkflowRunHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .workflowRun(let event) = event else { return nil }
        return .ignored(reason: "run \(event.runID) attempt \(event.attempt) \(event.conclusion ?? "is not finished"): recorded")
    }
}
