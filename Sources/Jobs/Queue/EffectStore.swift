import Basics
import Forge
package import Storage

/// Performs effects at most once: intent on disk, send, confirm; after a lost answer look before sending again.
package struct EffectStore: Sendable {
    /// Looks for our marker on the forge: the id of the object that is there, else `nil`.
    package typealias Probe = @Sendable () async throws -> String?
    /// Creates the object, or updates the one whose id is given; its id.
    package typealias Send = @Sendable (_ known: String?) async throws -> String

    private let queue: JobQueue
    private let lease: Lease?
    private let crashPoints: CrashPoints
    /// How long after a send “our marker is not there” is not yet believed: the request may still be on its way.
    private let settling: Duration
    /// The rows do not remember everything we ever sent: look also before the first send of a key.
    private let looksFirst: Bool
    /// GitHub ends what it has not done after ten seconds.
    /// Source: docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api (timeouts)
    package static let usualSettling = Duration.seconds(11)
    private static let mostSends = 2
    private static let betweenLooks = Duration.seconds(1)

    /// Without a lease, for work that no queue runs.
    package init(
        queue: JobQueue, lease: Lease? = nil, settling: Duration = EffectStore.usualSettling, looksFirst: Bool = false,
        crashPoints: CrashPoints = .none
    ) {
        self.queue = queue
        self.lease = lease
        self.settling = settling
        self.looksFirst = looksFirst
        self.crashPoints = crashPoints
    }

    /// Notes the intent inside the transaction of the decision. `perform` carries it out later.
    package func intend(_ effect: Effect, in transaction: any Transaction) throws {
        try rows(in: transaction).intend(effect, by: lease?.key)
    }

    /// Makes the effect stand, once. The same key with other content updates what is there.
    ///
    /// Throws what `send` threw when the forge refused it, or when its answer was lost again after one more send; calling again later
    /// is then safe: it looks first.
    package func perform(_ effect: Effect, probe: Probe, send: Send) async throws -> EffectReceipt {
        var plan = try await begin(effect)
        var sends = 0
        while true {
            switch plan {
            case .nothingToDo(let id): return EffectReceipt(remoteID: id, way: .unchanged)
            case .look(let sentAt, let sameContent):
                if let id = try await look(probe, after: sentAt) {
                    if sameContent { return try await confirm(effect, id, .found) }
                    try await note(effect, isAt: id)
                    plan = .send(known: id)
                } else {
                    try await startAgain(effect)
                    plan = .send(known: nil)
                }
            case .send(let known):
                sends += 1
                switch try await attempt(effect, known: known, send: send, isLast: sends >= Self.mostSends) {
                case .done(let receipt): return receipt
                case .goOn(let next): plan = next
                }
            }
        }
    }

    /// Settles an earlier send of this key whose answer was lost: looks, and writes down what was found. `nil` when it is not there, or
    /// when there is nothing to settle. For those who must know what stands on the forge before they decide what to write.
    package func settle(_ stableKey: String, probe: Probe) async throws -> String? {
        guard let open = try await write({ try $0.openSend(of: stableKey, by: lease?.key) }) else { return nil }
        guard let id = try await look(probe, after: open.sentAt) else {
            try await write { try $0.giveUp(open, by: lease?.key) }
            return nil
        }
        return try await confirm(open.effect, id, .found).remoteID
    }

    /// The forge's id of what stands there under a key, as far as these rows know.
    package func remoteID(of stableKey: String) async throws -> String? {
        try await queue.database.read { transaction in
            try transaction.query("SELECT remote_id FROM effects WHERE stable_key = ?", [.text(stableKey)]).first?.optionalText("remote_id")
        }
    }

    private enum Attempt {
        case done(EffectReceipt)
        case goOn(EffectPlan)
    }

    private func attempt(_ effect: Effect, known: String?, send: Send, isLast: Bool) async throws -> Attempt {
        crashPoints.reach(.effectIntended)
        do {
            try lease?.check()
            let id = try await send(known)
            crashPoints.reach(.effectSent)
            return .done(try await confirm(effect, id, known == nil ? .created : .updated))
        } catch let refusal as JobAction.Refusal {
            throw refusal
        } catch let error as any SendFailure where !error.mayHaveHappened {
            if known != nil, case .notFound = error as? ForgeError {
                // Somebody deleted it. What we want is that it is there.
                try await forget(effect)
                return .goOn(.send(known: nil))
            }
            try await settleAsNotSent(effect, known: known, error: error)
            throw error
        } catch {
            if isLast || Task.isCancelled || error is DatabaseError { throw error }
            return .goOn(known.map { .send(known: $0) } ?? .look(sentAt: queue.clock.now, sameContent: true))
        }
    }

    /// The marker's object. “Not there” is believed only once the send had time to arrive, and when it was said twice some time apart:
    /// a forge answers some reads from a copy that lags behind.
    private func look(_ probe: Probe, after sentAt: Timestamp?) async throws -> String? {
        if let id = try await probe() { return id }
        // Nothing of ours can still be on its way.
        guard let sentAt else { return nil }
        // A clock that was set back must not make us wait longer than once.
        let passed = max(queue.clock.now - sentAt, .zero)
        try await queue.clock.sleep(for: max(settling - passed, Self.betweenLooks))
        return try await probe()
    }

    private func begin(_ effect: Effect) async throws -> EffectPlan {
        try await write { try $0.begin(effect, by: lease?.key, looksFirst: looksFirst) }
    }

    private func startAgain(_ effect: Effect) async throws {
        try await write { try $0.startAgain(effect, by: lease?.key) }
    }

    private func note(_ effect: Effect, isAt id: String) async throws {
        try await write { try $0.note(effect, isAt: id, by: lease?.key) }
    }

    private func forget(_ effect: Effect) async throws {
        try await write { try $0.forgetRemote(effect, by: lease?.key) }
    }

    /// What stands on the forge is a fact: it is written down even when the lease was lost meanwhile.
    private func confirm(_ effect: Effect, _ id: String, _ way: EffectReceipt.Way) async throws -> EffectReceipt {
        try await write { try $0.confirm(effect, id: id, way: way, job: lease?.key.id) }
        crashPoints.reach(.effectConfirmed)
        return EffectReceipt(remoteID: id, way: way)
    }

    private func settleAsNotSent(_ effect: Effect, known: String?, error: any Error) async throws {
        try await write { try $0.settleAsNotSent(effect, error: String("\(error)".prefix(500)), job: lease?.key.id) }
    }

    private func write<Result: Sendable>(_ body: @escaping @Sendable (EffectRows) throws -> Result) async throws -> Result {
        try await queue.database.write { try body(rows(in: $0)) }
    }

    private func rows(in transaction: any Transaction) -> EffectRows { EffectRows(store: queue.store(in: transaction)) }
}

/// What the rows say is to be done next.
enum EffectPlan: Sendable, Hashable {
    case nothingToDo(id: String)
    case send(known: String?)
    /// Sent before, answer not known; `nil` when it is not even known whether it was ever sent.
    case look(sentAt: Timestamp?, sameContent: Bool)
}
