import Synchronization

/// One body waiting to be committed, and the caller waiting for it.
protocol PendingWrite: AnyObject, Sendable {
    /// May wait a moment for others of its kind.
    var isPatient: Bool { get }
    /// Runs the body and keeps its outcome until the commit is known. Whether it threw.
    func run(in transaction: any Transaction) -> Bool
    /// What the body threw when it last ran.
    var thrown: (any Error)? { get }
    /// Tells the caller what the body returned or threw.
    func settle()
    /// Tells the caller that nothing was stored.
    func fail(_ error: any Error)
}

final class PendingBody<Value: Sendable>: PendingWrite {
    let isPatient: Bool
    private let body: @Sendable (any Transaction) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let outcome = Mutex<Result<Value, any Error>>(.failure(DatabaseError.closed))

    init(
        isPatient: Bool = false, _ body: @escaping @Sendable (any Transaction) throws -> Value,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.isPatient = isPatient
        self.body = body
        self.continuation = continuation
    }

    func run(in transaction: any Transaction) -> Bool {
        let result = Result { try body(transaction) }
        outcome.withLock { $0 = result }
        if case .failure = result { return true }
        return false
    }

    var thrown: (any Error)? {
        if case .failure(let error) = outcome.withLock({ $0 }) { return error }
        return nil
    }

    func settle() { continuation.resume(with: outcome.withLock { $0 }) }
    func fail(_ error: any Error) { continuation.resume(throwing: error) }
}
