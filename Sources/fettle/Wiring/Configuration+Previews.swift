import Basics
import Forge
import Git
import Jobs
import Policy
import Previews
import Subprocess

/// What previews are made with, as far as the operator allows any.
extension Configuration {
    /// `nil` when no driver is allowed: then no event leads to a look.
    func previewWorld(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker) -> PreviewWorld? {
        let folders = PreviewFolders(root: previews.folder)
        let drivers = previewDrivers(folders)
        if drivers.isEmpty { return nil }
        let environment = GitEnvironment(inheriting: surroundings)
        return PreviewWorld(
            forges: forges, drivers: drivers, source: GitPreviewSource(forges: forges, environment: environment), folders: folders,
            programs: previews.allowsCommands ? programs(folders) : nil, domain: previews.domain,
            defaults: PreviewPolicy(idleLimit: Seconds(hours: Int64(previews.idleHours)), cap: previews.cap),
            bounds: PreviewBounds(largestCap: max(previews.cap, 20)), redactor: redactor, marker: marker)
    }

    /// One line for each driver.
    private func previewDrivers(_ folders: PreviewFolders) -> [any PreviewDriver] {
        var drivers: [any PreviewDriver] = []
        if previews.allowsCommands { drivers.append(CommandDriver(programs: programs(folders), folders: folders)) }
        return drivers
    }

    private func programs(_ folders: PreviewFolders) -> PreviewPrograms {
        PreviewPrograms(runner: SystemCommandRunner(), folders: folders, path: surroundings["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
    }
}
