package import Forge
package import Jobs

/// A workflow run came to its end: failures are explained, successes counted for what is broken.
package struct WorkflowRunHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .workflowRun(let event) = event else { return nil }
        let name = "run \(event.runID) attempt \(event.attempt)"
        guard let conclusion = event.conclusion else { return .ignored(reason: "\(name) is not finished") }
        let request = ExplainRunRequest(
            repository: event.repository, run: event.runID, attempt: event.attempt, conclusion: conclusion, workflow: event.name,
            branch: ["push", "schedule", "workflow_dispatch"].contains(event.trigger) ? event.branch : nil, commit: event.commit)
        switch conclusion {
        case "failure", "timed_out", "startup_failure": return .handled(jobs: [request.job], because: "\(name) failed: explain it")
        case "success": return .handled(jobs: [request.job], because: "\(name) succeeded: close what it fixes")
        default: return .ignored(reason: "\(name) ended as \(conclusion.prefix(40)): that says nothing about the code")
        }
    }
}
