import Storage
import Synchronization

/// A database whose writes wait at a gate, and which counts them.
final class GatedDatabase: Database {
    private struct State {
        var isOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
        var writes = 0
    }

    private let real: any Database
    private let state = Mutex(State())

    init(_ real: any Database) {
        self.real = real
    }

    /// Writes begun since they were last held.
    var writes: Int { state.withLock { $0.writes } }

    func holdWrites(_ hold: Bool) {
        let waiting = state.withLock { state in
            state.isOpen = !hold
            if hold { state.writes = 0 }
            defer { if !hold { state.waiting = [] } }
            return hold ? [] : state.waiting
        }
        for caller in waiting { caller.resume() }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        await withCheckedContinuation { caller in
            let passes = state.withLock { state in
                state.writes += 1
                if !state.isOpen { state.waiting.append(caller) }
                return state.isOpen
            }
            if passes { caller.resume() }
        }
        return try await real.write(body)
    }

    var dialect: SQLDialect { real.dialect }
    var isExclusive: Bool { real.isExclusive }
    func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await real.read(body)
    }
    func migrate(_ migrations: [Migration]) async throws { try await real.migrate(migrations) }
    func notify(_ channel: String) async { await real.notify(channel) }
    func listen(_ channel: String) -> AsyncStream<Void> { real.listen(channel) }
    func probe() async throws { try await real.probe() }
    func close() async { await real.close() }
}
