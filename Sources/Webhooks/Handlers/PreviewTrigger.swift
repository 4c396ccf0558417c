import Forge
import Jobs

/// What makes a preview be looked at: any event about its pull request. Pure; beside what the other handlers decide.
enum PreviewTrigger {
    /// `decision` with the look added.
    static func joined(_ decision: DeliveryDecision, _ event: ForgeEvent) -> DeliveryDecision {
        let requests = requests(for: event).map(\.job)
        if requests.isEmpty { return decision }
        switch decision {
        case .handled(let jobs, let because): return .handled(jobs: jobs + requests, because: because + "; look at its preview")
        case .ignored(let reason): return .handled(jobs: requests, because: reason + "; look at its preview")
        case .malformed: return decision
        }
    }

    private static func requests(for event: ForgeEvent) -> [PreviewRequest] {
        switch event {
        case .pullRequest(let event): return [PreviewRequest(pullRequest: event.pullRequest)]
        case .checkRunRerequested(let event) where event.checkName == PreviewCheck.name:
            // Asked by one who may write: the forge shows the button to nobody else.
            return event.pullRequests.map { number in
                let pull = PullRequestReference(repository: event.repository, number: number)
                return PreviewRequest(pullRequest: pull, ask: ["start"])
            }
        default: return []
        }
    }
}
