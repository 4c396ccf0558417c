import Forge

/// The forges that are configured, by kind.
struct ForgeDirectory: ForgeAccess {
    private let members: [ForgeKind: any ForgeAccess]

    init(_ members: [ForgeKind: any ForgeAccess]) {
        self.members = members
    }

    func client(for repository: RepositoryReference) async throws(ForgeError) -> any ForgeClient {
        guard let member = members[repository.forge] else {
            throw .unauthorized(
                host: repository.forge.rawValue, reason: "no credentials are configured for it; 'fettle doctor' says which settings to give"
            )
        }
        return try await member.client(for: repository)
    }

    /// Those that keep a record of what their hooks sent.
    var deliveryLogs: [any HookDeliveryLogs] { members.values.compactMap { $0 as? any HookDeliveryLogs } }
}
