/// What is known of the application in a head: enough to run it in a cluster. Nothing of it is trusted for more than its own namespace.
package struct PreviewApplication: Sendable, Hashable {
    /// Inside the container; `nil` when the repository does not say.
    package var port: Int?
    /// A path that answers when it is ready; `nil`: the port itself is asked.
    package var health: String?
    /// A number the image runs as; `nil` when it does not say, and may be root.
    package var user: Int?
    /// Servers it needs, by host name: the kind of each, as `postgres` or `redis`.
    package var services: [String: String]

    package init(port: Int? = nil, health: String? = nil, user: Int? = nil, services: [String: String] = [:]) {
        self.port = port
        self.health = health
        self.user = user
        self.services = services
    }
}
