package import Basics
import Synchronization

/// One start of one job. Whoever holds an older fence than the database changes nothing.
package struct LeaseKey: Sendable, Hashable {
    package let id: JobID
    package let fence: Int64

    package init(id: JobID, fence: Int64) {
        self.id = id
        self.fence = fence
    }
}

/// A running job as somebody saw it.
package struct LeaseSighting: Sendable, Hashable {
    package let lease: LeaseKey
    package let beat: Int64

    package init(lease: LeaseKey, beat: Int64) {
        self.lease = lease
        self.beat = beat
    }
}

/// The holder's own view: valid for one lease time after the last heartbeat *begun* that the database took.
///
/// Others free a job no sooner than one lease time after they *saw* that heartbeat, which is later. So the holder stops first,
/// whatever the clocks of the machines say: only the passing of time is measured.
package final class Lease: Sendable {
    package let key: LeaseKey
    private let clock: any Clock
    private let length: Duration?
    private let confirmed: Mutex<Duration?>

    /// `length` `nil`: nobody else can take the job (one-shot commands).
    package init(_ key: LeaseKey, length: Duration?, begun: Duration, clock: any Clock) {
        self.key = key
        self.clock = clock
        self.length = length
        confirmed = Mutex(begun)
    }

    package var isHeld: Bool {
        guard let last = confirmed.withLock({ $0 }) else { return false }
        guard let length else { return true }
        return clock.uptime - last < length
    }

    /// Throws unless the lease holds now: asked before every step that others can see.
    package func check() throws(JobAction.Refusal) {
        if !isHeld { throw .leaseLost }
    }

    func confirm(begun: Duration) { confirmed.withLock { last in last = last.map { max($0, begun) } } }
    func lose() { confirmed.withLock { $0 = nil } }
}

/// Finds workers that fell silent: a job whose heartbeat counter stands still for a whole lease of *our* time.
///
/// No clock of another machine is read, so neither skew nor a clock that is set takes a job from a living worker.
package struct LeaseWatch: Sendable {
    private struct Memory {
        let beat: Int64
        let since: Duration
    }

    private let length: Duration
    private var seen: [LeaseKey: Memory] = [:]

    package init(length: Duration) {
        self.length = length
    }

    /// Those to free. `sightings` is everything that runs; what is not in it is forgotten.
    package mutating func observe(_ sightings: [LeaseSighting], at uptime: Duration) -> [LeaseSighting] {
        var next: [LeaseKey: Memory] = [:]
        var silent: [LeaseSighting] = []
        for sighting in sightings {
            if let memory = seen[sighting.lease], memory.beat == sighting.beat {
                next[sighting.lease] = memory
                if uptime - memory.since >= length { silent.append(sighting) }
            } else {
                next[sighting.lease] = Memory(beat: sighting.beat, since: uptime)
            }
        }
        seen = next
        return silent
    }
}
