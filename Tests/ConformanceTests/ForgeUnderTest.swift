import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

/// One implementation of the forge port, with a forge behind it that the suite can look into.
struct ForgeUnderTest: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: ForgeKind
    let access: @Sendable (SandboxForge, any HTTPClient, any Clock) throws -> any ForgeAccess

    var testDescription: String { name }

    /// A fresh forge with the sample pull request, and a client for it.
    func stage(clock: any Clock = JumpingClock()) async throws -> Stage {
        let forge = SandboxForge(clock: clock)
        guard let seeded = SandboxSample.seed(forge) else { throw StageError() }
        let repository = RepositoryReference(
            forge: kind, name: seeded.repository.name, installation: kind == .github ? seeded.repository.installation : nil)
        let access = try access(forge, LoopbackHTTPClient(forge), clock)
        return Stage(
            forge: forge, client: try await access.client(for: repository), access: access,
            pull: PullRequestReference(repository: repository, number: seeded.number))
    }

    struct Stage: Sendable {
        let forge: SandboxForge
        let client: any ForgeClient
        let access: any ForgeAccess
        let pull: PullRequestReference

        var repository: RepositoryReference { pull.repository }
    }

    struct StageError: Error {}
}
