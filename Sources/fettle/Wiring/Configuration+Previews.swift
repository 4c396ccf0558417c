import Basics
import Forge
import Git
import Jobs
import Kubernetes
import Policy
import Previews
import Storage
import Subprocess

/// What previews are made with, as far as the operator allows any.
extension Configuration {
    /// `nil` when no driver is allowed: then no event leads to a look.
    func previewWorld(
        forges: any ForgeAccess, cluster: KubernetesClient?, clock: any Clock, redactor: Redactor, marker: EffectMarker
    ) -> PreviewWorld? {
        let folders = PreviewFolders(root: previews.folder)
        var drivers = previewDrivers(folders)
        if let cluster, let settings = previews.kubernetes {
            let sources = ManifestSources(runner: SystemCommandRunner(), folders: folders, path: searchPath)
            drivers.append(
                KubernetesDriver(client: cluster, settings: settings, sources: sources, clock: clock) { marker.code(for: $0) })
        }
        if drivers.isEmpty { return nil }
        let environment = GitEnvironment(inheriting: surroundings)
        return PreviewWorld(
            forges: forges, drivers: drivers, source: GitPreviewSource(forges: forges, environment: environment), folders: folders,
            programs: previews.allowsCommands ? programs(folders) : nil, databases: previewDatabases(marker), domain: previews.domain,
            defaults: PreviewPolicy(idleLimit: Seconds(hours: Int64(previews.idleHours)), cap: previews.cap),
            bounds: PreviewBounds(largestCap: max(previews.cap, 20)), redactor: redactor, marker: marker)
    }

    /// One line for each driver.
    private func previewDrivers(_ folders: PreviewFolders) -> [any PreviewDriver] {
        var drivers: [any PreviewDriver] = []
        if previews.allowsCommands { drivers.append(CommandDriver(programs: programs(folders), folders: folders)) }
        if let provider = previews.compose {
            drivers.append(
                ComposeDriver(
                    provider: provider, runner: SystemCommandRunner(), folders: folders, ports: PortAllotment(range: previews.ports),
                    route: previewRoute, environment: surroundings))
        }
        return drivers
    }

    private var previewRoute: any PreviewRoute {
        guard let settings = previews.nginx else { return PortRoute() }
        return NginxRoute(settings: settings, runner: SystemCommandRunner(), path: searchPath)
    }

    private func previewDatabases(_ marker: EffectMarker) -> (any PreviewDatabases)? {
        guard let database = previews.database else { return nil }
        return SchemaDatabases(database: PostgreSQLDatabase(database.url.reveal(), connections: 1), url: database.address) { preview in
            marker.code(for: "database of \(preview)")
        }
    }

    private var searchPath: String { surroundings["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }

    private func programs(_ folders: PreviewFolders) -> PreviewPrograms {
        PreviewPrograms(runner: SystemCommandRunner(), folders: folders, path: searchPath)
    }
}
