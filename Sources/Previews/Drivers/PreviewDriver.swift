package import Basics
package import Forge

/// Runs environments. One implementation for each way; a new one is a file here and a line in the wiring.
///
/// Contract, kept by one conformance suite over all implementations:
/// - `up` brings the commit up, or updates what runs; when it returns, the address answers or is about to. Calling it again with the same
///   order, also after a crash in the middle, leads to the same environment.
/// - `down` takes away everything that `up` made, also after an `up` that failed half-way; when nothing is there it returns quietly.
/// - Both honour cancellation, and end by themselves within their deadline.
/// - Nothing of our own environment, configuration or credentials reaches what they run.
package protocol PreviewDriver: Sendable {
    /// As in `preview.driver` of `.fettle.yml`.
    var kind: PreviewSettings.Driver { get }

    func up(_ order: PreviewOrder) async throws(PreviewFailure) -> PreviewAddress
    func down(_ order: PreviewOrder) async throws(PreviewFailure)

    /// What this driver runs now, found by what it wrote on it; `nil` where there is no way to know (programs of somebody's own).
    func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>?
}

/// What is to run, or to go.
package struct PreviewOrder: Sendable {
    package let preview: PreviewIdentity
    /// The head to bring up; for `down` the one that was brought up last, `nil` when no row remembers it.
    package let commit: CommitID?
    /// A fresh checkout of `commit` without any credential, an absolute path. It stays until the environment is updated or gone. For
    /// `down` `nil` when the commit can no longer be fetched.
    package let checkout: String?
    /// From the base branch; for `down` those that were in force at the last `up`.
    package let settings: PreviewSettings
    /// A database of this preview's own, as `postgres://…`; `nil` where none is configured.
    package let database: Secret?
    /// The host name it should answer to; `nil` when the operator gave no domain.
    package let host: String?
    /// When it goes by itself, as far as is known now.
    package var expiresAt: Timestamp?
    /// What the head shows of its application; for drivers that run images.
    package var application: PreviewApplication?
    /// A checkout of the base branch, for what the repository decides there; gone when `up` has returned.
    package var baseCheckout: String?

    package init(
        preview: PreviewIdentity, commit: CommitID?, checkout: String?, settings: PreviewSettings, database: Secret? = nil,
        host: String? = nil
    ) {
        self.preview = preview
        self.commit = commit
        self.checkout = checkout
        self.settings = settings
        self.database = database
        self.host = host
    }

    /// What programs may know of the preview; the whole of their environment beside `PATH`, `HOME` and `LANG`.
    package var variables: [String: String] {
        var variables = ["PREVIEW_REPO": preview.repository.description, "PREVIEW_NUMBER": "\(preview.number)"]
        if let commit { variables["PREVIEW_SHA"] = commit.hex }
        if let host { variables["PREVIEW_HOST"] = host }
        if let database { variables["PREVIEW_DATABASE_URL"] = database.reveal() }
        return variables
    }
}
