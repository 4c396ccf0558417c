package import Basics
import Synchronization

/// A clock that jumps to the end of every sleep and then lets something happen.
package final class SteppingClock: Clock {
    private let state = Mutex<(elapsed: Duration, onSleep: (@Sendable () -> Void)?)>((.zero, nil))

    package init() {}

    package var onSleep: (@Sendable () -> Void)? {
        get { state.withLock { $0.onSleep } }
        set { state.withLock { $0.onSleep = newValue } }
    }

    package var now: Timestamp { Timestamp(seconds: 1_800_000_000) + uptime }
    package var uptime: Duration { state.withLock { $0.elapsed } }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock { $0.elapsed += duration }
        onSleep?()
    }
}
