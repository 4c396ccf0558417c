package import Basics
import Synchronization

/// A clock that jumps to the end of every sleep at once, and remembers how long was slept: for code whose waits are its answer.
package final class JumpingClock: Clock {
    private let start: Timestamp
    private let state = Mutex<[Duration]>([])

    package init(start: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        self.start = start
    }

    package var now: Timestamp { start + uptime }
    package var uptime: Duration { state.withLock { $0.reduce(.zero, +) } }
    package var sleeps: [Duration] { state.withLock { $0 } }

    /// Time that passes without anybody sleeping.
    package func advance(by duration: Duration) { state.withLock { $0.append(duration) } }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock { $0.append(duration) }
    }
}
