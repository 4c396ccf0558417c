import Basics

package import Forge
package import Jobs

/// The App was given other repositories. Kept on record.
package struct InstallationRepositoriesHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .installation(let event) = event, case .repositoriesChanged(let added, let removed) = event.action else { return nil }
        return .ignored(
            reason:
                "installation \(event.installation): \(Count.of(added.count, "repository", plural: "repositories")) added, \(removed.count) removed"
        )
    }
}
