package import Basics

/// Databases of previews: one for each, made empty, dropped with it, never shared.
package protocol PreviewDatabases: Sendable {
    /// The preview's database, made when it is not there: its address with a password of its own, and whether it is new.
    func make(for preview: PreviewIdentity) async throws(PreviewFailure) -> (url: Secret, isNew: Bool)
    /// Quiet when there is none.
    func drop(for preview: PreviewIdentity) async throws(PreviewFailure)
    func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>
}
