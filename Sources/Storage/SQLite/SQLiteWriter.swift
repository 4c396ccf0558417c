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
    }

    private static let largestBatch = 64
    private static let longestBatch: UInt64 = 2_000_000

    private let queue: DispatchQueue
    private let state = Mutex(State())
    private var connection: SQLiteConnection?

    init(_ connection: SQLiteConnection) {
        self.connection = connection
        queue = DispatchQueue(label: "fettle.sqlite.writer")
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingBody(body, continuation)
            let (isClosed, mustStart) = state.withLock { state in
                if state.isClosed { return (true, false) }
                state.pending.append(write)
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
            if next == nil, orStop { state.isDraining = false }
            return next
        }
    }

    /// One transaction for all bodies that are there, up to 64 or 2 ms of work. Nobody waits for company: while one batch is
    /// being written to disk the next gathers by itself.
    private func commit(startingWith first: any PendingWrite) {
        guard let connection else { return first.fail(DatabaseError.closed) }
        var batch = [first]
        do {
            try connection.step("BEGIN IMMEDIATE")
            try run(first, on: connection)
            let start = DispatchTime.now().uptimeNanoseconds
            while batch.count < Self.largestBatch, DispatchTime.now().uptimeNanoseconds - start < Self.longestBatch,
                let next = take(orStop: false)
            {
                batch.append(next)
                try run(next, on: connection)
            }
            try connection.step("COMMIT")
        } catch {
            return recover(batch, from: error, on: connection)
        }
        for write in batch { write.settle() }
    }

    /// A body that throws takes back its own changes only.
    private func run(_ write: any PendingWrite, on connection: SQLiteConnection) throws(DatabaseError) {
        try connection.step("SAVEPOINT body")
        let transaction = SQLiteTransaction(connection)
        let threw = write.run(in: transaction)
        transaction.end()
        // A full disk or an I/O error may have rolled everything back already; then this statement fails and the batch with it.
        if threw { try connection.step("ROLLBACK TO body") }
        try connection.step("RELEASE body")
    }

    /// Nothing of the batch is stored. One body may be to blame: each is tried again by itself.
    private func recover(_ batch: [any PendingWrite], from error: DatabaseError, on connection: SQLiteConnection) {
        rollBack(connection)
        if batch.count == 1 { return batch[0].fail(cause(of: batch[0], or: error)) }
        for write in batch {
            do {
                try connection.step("BEGIN IMMEDIATE")
                try run(write, on: connection)
                try connection.step("COMMIT")
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
