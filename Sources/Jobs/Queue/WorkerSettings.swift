package import Basics

package struct WorkerSettings: Sendable {
    /// Names this process in the database, for people.
    package var owner: String
    /// How many jobs of a lane run at once here.
    package var lanes: [Lane: Int]
    package var lease: Duration
    package var heartbeat: Duration
    /// How often the database is asked when nobody rings.
    package var poll: Duration
    package var retry: Backoff
    /// See `EffectStore`.
    package var settling: Duration

    package init(
        owner: String, lanes: [Lane: Int] = [.review: 4, .analysis: 2, .previews: 4, .maintenance: 1], lease: Duration = .seconds(15),
        heartbeat: Duration = .seconds(5), poll: Duration = .seconds(1),
        retry: Backoff = Backoff(first: .seconds(2), longest: .seconds(600)), settling: Duration = EffectStore.usualSettling
    ) {
        self.owner = owner
        self.lanes = lanes
        self.lease = lease
        self.heartbeat = heartbeat
        self.poll = poll
        self.retry = retry
        self.settling = settling
    }
}
