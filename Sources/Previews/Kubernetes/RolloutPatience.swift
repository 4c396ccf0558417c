/// How long a cluster is given for each thing that may yet come right by itself.
package struct RolloutPatience: Sendable, Hashable {
    /// For everything to be ready.
    package var ready = Duration.seconds(600)
    /// For an image: CI may still be building it.
    package var image = Duration.seconds(420)
    /// For a node with room: one may be on its way.
    package var room = Duration.seconds(180)
    /// For a namespace to go.
    package var gone = Duration.seconds(300)
    /// Restarts of one container that a slow neighbour may explain.
    package var restarts = 2
    package var pause = Duration.seconds(2)

    package init() {}
}
