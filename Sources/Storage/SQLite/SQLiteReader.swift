import Dispatch
import Synchronization

/// A read-only connection on a queue of its own. Safe to share: the connection is touched on `queue` only.
final class SQLiteReader: @unchecked Sendable {
    private let queue = DispatchQueue(label: "fettle.sqlite.reader")
    private var connection: SQLiteConnection?
    private let waiting = Atomic<Int>(0)

    init(path: String) throws(DatabaseError) {
        let connection = try SQLiteConnection(path: path, mode: .reader)
        try connection.run("PRAGMA query_only = ON")
        self.connection = connection
    }

    /// Reads begun and not finished.
    var load: Int { waiting.load(ordering: .relaxed) }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Value) async throws -> Value {
        waiting.add(1, ordering: .relaxed)
        defer { waiting.subtract(1, ordering: .relaxed) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.run(body) }) }
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.connection = nil
                continuation.resume()
            }
        }
    }

    private func run<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        guard let connection else { throw DatabaseError.closed }
        try connection.run("BEGIN")
        let transaction = SQLiteTransaction(connection)
        defer {
            transaction.end()
            // Nothing was written: ending the snapshot either way is all there is to do.
            if !connection.isIdle { try? connection.run("ROLLBACK") }
        }
        return try body(transaction)
    }
}
