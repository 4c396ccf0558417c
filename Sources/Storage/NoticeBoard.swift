import Synchronization

/// Listeners within this process. A notice that nobody has taken yet stands for all later ones.
final class NoticeBoard: Sendable {
    private struct State {
        var nextID = 0
        var listeners: [String: [Int: AsyncStream<Void>.Continuation]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    func listen(_ channel: String) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id: Int? = state.withLock { state in
                if state.isClosed { return nil }
                state.nextID += 1
                state.listeners[channel, default: [:]][state.nextID] = continuation
                return state.nextID
            }
            guard let id else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in self?.forget(id, on: channel) }
        }
    }

    func post(_ channel: String) {
        let listeners = state.withLock { Array(($0.listeners[channel] ?? [:]).values) }
        for listener in listeners { listener.yield() }
    }

    /// The channels somebody listens to.
    var channels: [String] { state.withLock { $0.listeners.filter { !$0.value.isEmpty }.map(\.key).sorted() } }

    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values.flatMap(\.values)
        }
        for listener in listeners { listener.finish() }
    }

    private func forget(_ id: Int, on channel: String) {
        state.withLock { _ = $0.listeners[channel]?.removeValue(forKey: id) }
    }
}
