import Storage
import Synchronization

/// Ends of jobs on their way to disk. Those that come while a transaction is under way go together in the next one: a few round trips and
/// one wait for the disk for all of them. Each still shows its own fence and is refused by itself.
final class JobEnds: Sendable {
    struct End: Sendable {
        let change: JobChange
        /// Queued in the same transaction when the job succeeded.
        let next: [JobRequest]
        let delivery: Int64?
    }

    private enum Turn {
        /// To write the next group, one's own end first in it.
        case write
        case written(Result<JobAction, any Error>)
    }

    private struct Waiting {
        let end: End
        /// `nil` for the one that writes.
        var caller: CheckedContinuation<Turn, Never>?
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
    }

    private static let largestGroup = 64

    private let queue: JobQueue
    private let state = Mutex(State())

    init(queue: JobQueue) {
        self.queue = queue
    }

    /// Ends that wait for the one being written, for tests.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Returns once the end is on disk, or refused.
    func store(_ end: End) async throws -> JobAction {
        if case .written(let result) = await turn(end) { return try result.get() }
        let group = state.withLock { state in
            defer { state.waiting.removeFirst(min(state.waiting.count, Self.largestGroup)) }
            return Array(state.waiting.prefix(Self.largestGroup))
        }
        let results = await write(group.map(\.end))
        passOn()
        for (waiting, result) in zip(group, results) { waiting.caller?.resume(returning: .written(result)) }
        guard let own = results.first else { return .refuse(.ended) }
        return try own.get()
    }

    private func turn(_ end: End) async -> Turn {
        await withCheckedContinuation { caller in
            let writes = state.withLock { state in
                let writes = !state.isWriting
                state.isWriting = true
                state.waiting.append(Waiting(end: end, caller: writes ? nil : caller))
                return writes
            }
            if writes { caller.resume(returning: .write) }
        }
    }

    /// Whoever waits longest writes the next group.
    private func passOn() {
        let next = state.withLock { state in
            guard let first = state.waiting.first else {
                state.isWriting = false
                return nil as CheckedContinuation<Turn, Never>?
            }
            state.waiting[0].caller = nil
            return first.caller
        }
        next?.resume(returning: .write)
    }

    private func write(_ group: [End]) async -> [Result<JobAction, any Error>] {
        do {
            return try await together(group).map { .success($0) }
        } catch {
            // Away or full: that holds for each of them. Otherwise one may be to blame.
            guard group.count > 1, Self.mayBeOnesFault(error) else { return group.map { _ in .failure(error) } }
            var results: [Result<JobAction, any Error>] = []
            for end in group {
                do {
                    results.append(.success(try await together([end]).first ?? .refuse(.ended)))
                } catch {
                    results.append(.failure(error))
                }
            }
            return results
        }
    }

    private func together(_ group: [End]) async throws -> [JobAction] {
        try await queue.write { [queue] store in
            let actions = try store.apply(group.map(\.change))
            for (end, action) in zip(group, actions) where action == .end {
                if case .succeed = end.change.event { try queue.enqueue(end.next, delivery: end.delivery, in: store.transaction) }
            }
            return actions
        }
    }

    private static func mayBeOnesFault(_ error: any Error) -> Bool {
        switch error as? DatabaseError {
        case .disconnected, .notWritable, .closed, .inUse, .damaged: false
        case .constraint, .statement, .unexpectedRow, nil: true
        }
    }
}
