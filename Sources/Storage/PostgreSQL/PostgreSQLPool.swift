import Dispatch
import Synchronization

/// Bodies waiting, sessions free. A body goes to the first session that is free.
final class PostgreSQLPool: Sendable {
    private struct Waiting {
        let body: any PendingWrite
        let access: PostgreSQLSession.Access
    }

    private struct State {
        var waiting = Backlog<Waiting>()
        var idle: [Int]
        var isClosed = false
        /// Until then nobody tries to connect: `DispatchTime` in nanoseconds.
        var pausedUntil: UInt64 = 0
        var pauseError = DatabaseError.closed
        var closing: CheckedContinuation<Void, Never>?
    }

    private static let pause: UInt64 = 500_000_000

    private let sessions: [PostgreSQLSession]
    private let state: Mutex<State>

    init(_ conninfo: String, size: Int) {
        sessions = (0..<max(size, 1)).map { PostgreSQLSession(conninfo, number: $0) }
        state = Mutex(State(idle: Array(sessions.indices)))
    }

    func run<Value: Sendable>(
        _ access: PostgreSQLSession.Access, _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let pending = PendingBody(body, continuation)
            let decision: (refusal: DatabaseError?, session: Int?) = state.withLock { state in
                if state.isClosed { return (.closed, nil) }
                if DispatchTime.now().uptimeNanoseconds < state.pausedUntil { return (state.pauseError, nil) }
                state.waiting.append(Waiting(body: pending, access: access))
                return (nil, state.idle.popLast())
            }
            if let refusal = decision.refusal { return pending.fail(refusal) }
            if let session = decision.session { sessions[session].queue.async { self.serve(session) } }
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                state.isClosed = true
                if state.idle.count == sessions.count { return true }
                state.closing = continuation
                return false
            }
            if isQuiet { continuation.resume() }
        }
        for session in sessions {
            await withCheckedContinuation { continuation in
                session.queue.async {
                    session.disconnect()
                    continuation.resume()
                }
            }
        }
    }

    private func serve(_ number: Int) {
        while let next = take(number) {
            if let outage = sessions[number].perform(next.body, next.access) { failAll(outage) }
        }
    }

    private func take(_ number: Int) -> Waiting? {
        let (next, closing): (Waiting?, CheckedContinuation<Void, Never>?) = state.withLock { state in
            if let next = state.waiting.popFirst() { return (next, nil) }
            state.idle.append(number)
            guard state.isClosed, state.idle.count == sessions.count else { return (nil, nil) }
            defer { state.closing = nil }
            return (nil, state.closing)
        }
        closing?.resume()
        return next
    }

    /// The server is away: everybody hears it now instead of queueing for a timeout each.
    private func failAll(_ error: DatabaseError) {
        let waiting = state.withLock { state in
            state.pausedUntil = DispatchTime.now().uptimeNanoseconds + Self.pause
            state.pauseError = error
            return state.waiting.removeAll()
        }
        for entry in waiting { entry.body.fail(error) }
    }
}
