package import Forge
package import Jobs

/// A pull request was opened, pushed to, retargeted, or came to its end.
package struct PullRequestHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .pullRequest(let event) = event else { return nil }
        let review = ReviewRequest(pullRequest: event.pullRequest, isAskedFor: false).job
        switch event.action {
        case .opened: return .handled(jobs: [review], because: "opened: review it")
        case .reopened: return .handled(jobs: [review], because: "reopened: review the head if it was not")
        case .readyForReview: return .handled(jobs: [review], because: "no longer a draft: review it")
        case .convertedToDraft: return .ignored(reason: "a draft now: nothing new to review")
        case .relabelled: return .ignored(reason: "other labels: nothing new to review")
        case .pushed: return .handled(jobs: [review], because: "pushed: review the new head")
        case .retargeted: return .handled(jobs: [review], because: "another base branch: the diff is another one")
        case .closed(let merged):
            return .handled(jobs: [review], because: "\(merged ? "merged" : "closed"): stop what runs and close what it left open")
        }
    }
}
