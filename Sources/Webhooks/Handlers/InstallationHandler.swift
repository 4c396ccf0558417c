package import Forge
package import Jobs

/// The App was installed, removed or suspended. Kept on record; nothing is done to repositories nobody asked about.
package struct InstallationHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .installation(let event) = event else { return nil }
        switch event.action {
        case .created: return .ignored(reason: "installation \(event.installation) created")
        case .deleted: return .ignored(reason: "installation \(event.installation) deleted")
        case .suspended: return .ignored(reason: "installation \(event.installation) suspended")
        case .unsuspended: return .ignored(reason: "installation \(event.installation) unsuspended")
        case .permissionsAccepted: return .ignored(reason: "installation \(event.installation) accepted new permissions")
        case .repositoriesChanged: return nil
        }
    }
}
