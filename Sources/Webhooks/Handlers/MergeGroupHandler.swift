package import Forge
package import Jobs

/// A merge queue waits for our check on its merge commit.
package struct MergeGroupHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .mergeGroup(let event) = event else { return nil }
        return .handled(
            jobs: [MergeGroupRequest(repository: event.repository, commit: event.head).job], because: "a merge queue waits for the check")
    }
}
