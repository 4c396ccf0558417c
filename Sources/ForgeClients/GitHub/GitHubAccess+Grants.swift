package import Forge
import HTTP

/// What GitHub says the App is registered with.
package struct GitHubGrants: Sendable, Hashable {
    package let permissions: Set<GitHubPermission>
    package let events: Set<String>

    package init(permissions: Set<GitHubPermission>, events: Set<String>) {
        self.permissions = permissions
        self.events = events
    }

    /// What these purposes need and the App has not, sorted by name: `write` includes `read`.
    package func missingPermissions(for purposes: Set<GitHubPermissions.Purpose>) -> [GitHubPermission] {
        GitHubPermissions.needed(for: purposes).filter { needed in
            !permissions.contains { $0.name == needed.name && $0.level >= needed.level }
        }
    }

    package func missingEvents(for purposes: Set<GitHubPermissions.Purpose>) -> [String] {
        GitHubPermissions.events(for: purposes).filter { !events.contains($0) }
    }
}

extension GitHubAccess {
    /// `nil` with a plain token: GitHub tells nobody what a token may do.
    ///
    /// Source: docs.github.com/rest/apps/apps, "Get the authenticated app"
    package func grants() async throws(ForgeError) -> GitHubGrants? {
        guard isApp else { return nil }
        let wire = try await root.read(GitHubGrantsWire.self, ForgeCall(.get, "/app"))
        // Levels we do not know, such as `admin`, include those we do.
        let permissions = (wire.permissions ?? [:]).map { GitHubPermission($0.key, $0.value == "read" ? .read : .write) }
        return GitHubGrants(permissions: Set(permissions), events: Set(wire.events ?? []))
    }
}

private struct GitHubGrantsWire: Decodable {
    let permissions: [String: String]?
    let events: [String]?
}
