import Dispatch
import Synchronization

/// The one connection that writes and checkpoints, on a queue of its own.
///
/// Debian 12's SQLite 3.40 can lose a log reset when two connections write or checkpoint at once; with one there is nothing to race.
/// Safe to share: the connection is touched on `queue` only, everything else is behind the mutex.
final class SQLiteWriter: @unchecked Sendable {
    private struct State {
        var pending = Backlog<any PendingWrite>()
        var isDraining = false
        var isClosed = false
        /// Of the pending ones, those that may not wait.
        var hurried = 0
        /// So many pending bodies, or a hurried one, end the writer's wait for company; `nil` while it does not wait.
        var awaited: Int?
    }

    private static let largestBatch = 64
    private static let longestBatch: UInt64 = 2_000_000
    private static let longestWait = DispatchTimeInterval.milliseconds(5)

    private let queue: DispatchQueue
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private var connection: SQLiteConnection?
    private var company = CommitCompany()

    init(_ connection: SQLiteConnection) {
        self.connection = connection
        queue = DispatchQueue(label: "fettle.sqlite.writer")
    }

    /// `isPatient`: it may wait a moment for others of its kind.
    func write<Value: Sendable>(isPatient: Bool = false, _ body: @escaping @Sendable (any Transaction) throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingBody(isPatient: isPatient, body, continuation)
            let (isClosed, mustStart) = state.withLock { state in
                if state.isClosed { return (true, false) }
                state.pending.append(write)
                if !isPatient { state.hurried += 1 }
                if let awaited = state.awaited, state.hurried > 0 || state.pending.count >= awaited {
                    state.awaited = nil
                    arrival.signal()
                }
                defer { state.isDraining = true }
                return (false, !state.isDraining)
            }
            if isClosed { return write.fail(DatabaseError.closed) }
            if mustStart { queue.async { self.drain() } }
        }
    }

    /// Commits what was accepted, then lets go of the file.
    func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                self.connection = nil
                continuation.resume()
            }
        }
    }

    private func drain() {
        while let first = take(orStop: true) { commit(startingWith: first) }
    }

    /// The next body. With none left and `orStop` the queue's work ends, and the next caller starts it again.
    private func take(orStop: Bool) -> (any PendingWrite)? {
        state.withLock { state in
            let next = state.pending.popFirst()
            if let next, !next.isPatient { state.hurried -= 1 }
            if next == nil, orStop { state.isDraining = false }
            return next
        }
    }

    /// One transaction for all bodies that are there, up to 64 or 2 ms of work. Only patient bodies are waited for, by one of their own.
    private func commit(startingWith first: any PendingWrite) {
        guard let connection else { return first.fail(DatabaseError.closed) }
        if first.isPatient { awaitCompany() }
        var batch: [any PendingWrite] = []
        do {
            try connection.step("BEGIN IMMEDIATE")
            let start = DispatchTime.now().uptimeNanoseconds
            var next: (any PendingWrite)? = first
            while let write = next {
                batch.append(write)
                if run(write, on: connection) {
                    try connection.step("ROLLBACK")
                    // Its own changes are to be taken back, and only they: now it is known that savepoints are needed.
                    return batch.count == 1 ? write.settle() : commitApart(batch, on: connection)
                }
                let hasRoom = batch.count < Self.largestBatch && DispatchTime.now().uptimeNanoseconds - start < Self.longestBatch
                next = hasRoom ? take(orStop: false) : nil
            }
            try connection.step("COMMIT")
        } catch {
            // `BEGIN` itself may have failed.
            return recover(batch.isEmpty ? [first] : batch, from: error, on: connection)
        }
        company.held(batch.count(where: \.isPatient))
        for write in batch { write.settle() }
    }

    /// Waits until as many are there as are expected, for a moment at most.
    private func awaitCompany() {
        // One was taken already.
        let wanted = min(company.expected, Self.largestBatch) - 1
        let mustWait = state.withLock { state in
            if state.isClosed || state.hurried > 0 || state.pending.count >= wanted { return false }
            state.awaited = wanted
            return true
        }
        guard mustWait, arrival.wait(timeout: .now() + Self.longestWait) == .timedOut else { return }
        let wasSignalled = state.withLock { state in
            defer { state.awaited = nil }
            return state.awaited == nil
        }
        // It came between the end of the wait and this: taken now, or the next wait would end at once.
        if wasSignalled { arrival.wait() }
    }

    /// The same transaction again, in which a body that throws takes back its own changes only.
    private func commitApart(_ batch: [any PendingWrite], on connection: SQLiteConnection) {
        do {
            try connection.step("BEGIN IMMEDIATE")
            for write in batch {
                try connection.step("SAVEPOINT body")
                // A full disk or an I/O error may have rolled everything back already; then this statement fails and the batch with it.
                if run(write, on: connection) { try connection.step("ROLLBACK TO body") }
                try connection.step("RELEASE body")
            }
            try connection.step("COMMIT")
        } catch {
            return recover(batch, from: error, on: connection)
        }
        company.held(batch.count(where: \.isPatient))
        for write in batch { write.settle() }
    }

    /// Whether the body threw.
    private func run(_ write: any PendingWrite, on connection: SQLiteConnection) -> Bool {
        let transaction = SQLiteTransaction(connection)
        defer { transaction.end() }
        return write.run(in: transaction)
    }

    /// Nothing of the batch is stored. One body may be to blame: each is tried again by itself.
    private func recover(_ batch: [any PendingWrite], from error: DatabaseError, on connection: SQLiteConnection) {
        rollBack(connection)
        if batch.count == 1 { return batch[0].fail(cause(of: batch[0], or: error)) }
        for write in batch {
            do {
                try connection.step("BEGIN IMMEDIATE")
                try connection.step(run(write, on: connection) ? "ROLLBACK" : "COMMIT")
                write.settle()
            } catch {
                rollBack(connection)
                write.fail(cause(of: write, or: error))
            }
        }
    }

    private func cause(of write: any PendingWrite, or error: DatabaseError) -> any Error {
        // When the engine rolled back by itself, the savepoint's absence is only the echo of what the body met.
        if case .statement = error, let own = write.thrown as? DatabaseError { return own }
        return error
    }

    private func rollBack(_ connection: SQLiteConnection) {
        if connection.isIdle { return }
        // A roll-back that fails has nothing to undo: the engine did it by itself.
        try? connection.run("ROLLBACK")
    }
}
