package import Forge
package import Jobs

/// Somebody pressed “Re-run” on our check.
package struct CheckRunHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .checkRunRerequested(let event) = event else { return nil }
        guard event.checkName == ReviewCheck.name else { return .ignored(reason: "the check is not ours") }
        if event.pullRequests.isEmpty {
            return .ignored(reason: "the forge names no pull request for this check (as for forks): push or comment to have it reviewed")
        }
        let jobs = event.pullRequests.map { number in
            ReviewRequest(pullRequest: PullRequestReference(repository: event.repository, number: number), isAskedFor: true).job
        }
        return .handled(jobs: jobs, because: "re-run was asked for")
    }
}
