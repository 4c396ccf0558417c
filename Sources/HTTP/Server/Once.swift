import Synchronization

/// `true` for the first caller only.
final class Once: Sendable {
    private let done = Atomic<Bool>(false)

    func isFirst() -> Bool { !done.exchange(true, ordering: .acquiringAndReleasing) }
}
