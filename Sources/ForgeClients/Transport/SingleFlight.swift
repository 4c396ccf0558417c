import Forge

/// Keeps values that cost a call, and makes each one once however many ask for it at the same time.
actor SingleFlight<Key: Hashable & Sendable, Value: Sendable> {
    private var kept: [Key: Value] = [:]
    private var flights: [Key: Task<Result<Value, ForgeError>, Never>] = [:]

    /// The kept value when `isGood`, else a new one. A failure is not kept.
    func value(
        for key: Key, isGood: @Sendable (Value) -> Bool = { _ in true },
        make: @escaping @Sendable () async -> Result<Value, ForgeError>
    ) async throws(ForgeError) -> Value {
        if let value = kept[key], isGood(value) { return value }
        if let flight = flights[key] { return try await flight.value.get() }
        // A task of its own: when the first to ask is cancelled, the others still get their value.
        let flight = Task { await make() }
        flights[key] = flight
        let result = await flight.value
        flights[key] = nil
        if case .success(let value) = result { kept[key] = value }
        return try result.get()
    }
}
