import Basics
package import Forge
package import Policy
package import Previews

/// Everything previews are made with here: what the operator allows, and the ports.
package struct PreviewWorld: Sendable {
    package var forges: any ForgeAccess
    /// Those the operator allows.
    package var drivers: [PreviewSettings.Driver: any PreviewDriver]
    package var source: any PreviewSource
    package var folders: PreviewFolders
    /// `nil` where the operator lets no repository run programs on this machine.
    package var programs: PreviewPrograms?
    package var databases: (any PreviewDatabases)?
    package var domain: PreviewDomain?
    package var defaults: PreviewPolicy
    package var bounds: PreviewBounds
    package var redactor: Redactor
    package var marker: EffectMarker

    package init(
        forges: any ForgeAccess, drivers: [any PreviewDriver], source: any PreviewSource, folders: PreviewFolders,
        programs: PreviewPrograms? = nil, databases: (any PreviewDatabases)? = nil, domain: PreviewDomain? = nil,
        defaults: PreviewPolicy = PreviewPolicy(),
        bounds: PreviewBounds = PreviewBounds(), redactor: Redactor, marker: EffectMarker
    ) {
        self.forges = forges
        self.drivers = Dictionary(drivers.map { ($0.kind, $0) }) { first, _ in first }
        self.source = source
        self.folders = folders
        self.programs = programs
        self.databases = databases
        self.domain = domain
        self.defaults = defaults
        self.bounds = bounds
        self.redactor = redactor
        self.marker = marker
    }

    /// Why the settings cannot be followed here; `nil` when they can.
    func refusal(of settings: PreviewSettings) -> String? {
        if settings.driver == .workflow { return "the repository's own CI runs its previews" }
        if drivers[settings.driver] == nil { return "the operator of this server does not allow the driver `\(settings.driver.rawValue)`" }
        if let database = settings.database, programs == nil, !(database.migrate + database.seed).isEmpty {
            return "the operator of this server does not allow programs such as `preview.database.migrate`"
        }
        if settings.database != nil, databases == nil { return "no database server for previews is configured here" }
        return nil
    }
}

/// Fetches what a preview is built from.
package protocol PreviewSource: Sendable {
    /// A fresh checkout of `commit` at `path`, which does not exist yet, without any credential in it.
    func checkOut(_ commit: CommitID, of pull: PullRequestReference, into path: String) async throws(PreviewFailure)
}
