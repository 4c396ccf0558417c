import Synchronization

/// Bytes that may be held at once, over all connections.
final class ByteBudget: Sendable {
    private let left: Mutex<Int>

    init(_ total: Int) {
        left = Mutex(total)
    }

    /// `false`, and nothing taken, when there is not enough left.
    func take(_ count: Int) -> Bool {
        left.withLock { left in
            guard count <= left else { return false }
            left -= count
            return true
        }
    }

    func give(back count: Int) {
        left.withLock { $0 += count }
    }
}
