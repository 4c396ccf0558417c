package import Basics

/// A GitHub App to be, as the registration page takes it in a form field.
///
/// Source: docs.github.com/apps, "Registering a GitHub App from a manifest"
package enum GitHubManifest {
    /// - `site`: where people read about this installation. `webhook`: where deliveries go. `redirect`: where GitHub sends the operator
    ///   back to, with the code to exchange.
    package static func document(
        name: String, site: String, webhook: String, redirect: String, purposes: Set<GitHubPermissions.Purpose>
    ) -> JSONValue {
        // Every App may read metadata; a manifest does not list it.
        let permissions = GitHubPermissions.needed(for: purposes).filter { $0.name != "metadata" }
        return [
            "name": .string(name), "url": .string(site), "redirect_url": .string(redirect), "public": false,
            "hook_attributes": ["url": .string(webhook), "active": true],
            "default_permissions": .object(
                Dictionary(permissions.map { ($0.name, JSONValue.string($0.level.rawValue)) }, uniquingKeysWith: { $1 })),
            "default_events": .array(GitHubPermissions.events(for: purposes).map { .string($0) }),
        ]
    }
}
