import Glibc
import Synchronization

/// Gives one value from a task to a blocked thread of a database.
final class Handoff<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func give(_ new: Value) { value.withLock { $0 = new } }

    /// Blocks; for use on an engine's own thread only. Gives up after ten seconds.
    func waitForValue() -> Value? {
        for _ in 0..<10_000 {
            if let value = value.withLock({ $0 }) { return value }
            usleep(1000)
        }
        return nil
    }
}
