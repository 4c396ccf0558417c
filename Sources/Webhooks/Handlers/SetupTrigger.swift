import Forge
import Jobs

/// What makes a repository be offered CI: the App was newly given it. Pure; beside what the other handlers decide.
enum SetupTrigger {
    /// So many repositories of one delivery are looked at; who installs the App on hundreds is not met with hundreds of pull requests.
    static let most = 20

    /// `decision` with the looks added.
    static func joined(_ decision: DeliveryDecision, _ event: ForgeEvent) -> DeliveryDecision {
        guard case .installation(let event) = event, case .ignored(let reason) = decision else { return decision }
        let names: [RepositoryName] =
            switch event.action {
            case .created: event.repositories
            case .repositoriesChanged(let added, _): added
            default: []
            }
        let jobs = names.prefix(most).map { name in
            ProposeSetupRequest(repository: RepositoryReference(forge: .github, name: name, installation: event.installation)).job
        }
        if jobs.isEmpty { return decision }
        let left = names.count > most ? "; \(names.count - most) more are left to /generate" : ""
        return .handled(jobs: jobs, because: "\(reason); look whether it lacks CI\(left)")
    }
}
