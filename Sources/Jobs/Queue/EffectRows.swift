import Basics
import Storage

/// Statements over the effects table, inside one transaction. Each writes its audit row.
struct EffectRows {
    let store: JobStore

    func intend(_ effect: Effect, by lease: LeaseKey?) throws {
        if let lease { try store.require(lease) }
        let sql = """
            INSERT INTO effects (stable_key, kind, digest, state, job, fence, sends) VALUES (?, ?, ?, 'intended', ?, ?, 0)
            ON CONFLICT (stable_key) DO NOTHING
            """
        let inserted = try store.transaction.execute(
            sql,
            [
                .text(effect.stableKey), .text(effect.kind), .text(effect.digest), .text(lease?.id.rawValue),
                .integer(lease?.fence ?? 0),
            ])
        if inserted == 1 { try audit("effect.intended", effect, job: lease?.id) }
    }

    func begin(_ effect: Effect, by lease: LeaseKey?, looksFirst: Bool = false) throws -> EffectPlan {
        try intend(effect, by: lease)
        let sql = """
            SELECT state, digest, remote_id, confirmed_digest, sent_at, sends FROM effects WHERE stable_key = ? \(store.dialect.forUpdate)
            """
        guard let row = try store.transaction.query(sql, [.text(effect.stableKey)]).first else {
            throw DatabaseError.statement(reason: "an effect just noted is not there")
        }
        let remote = try row.optionalText("remote_id")
        switch EffectState(rawValue: try row.text("state")) {
        case .confirmed:
            if let remote, try row.optionalText("confirmed_digest") == effect.digest { return .nothingToDo(id: remote) }
        case .sending:
            if remote == nil {
                let sentAt = Timestamp(microseconds: try row.integer("sent_at"))
                return .look(sentAt: sentAt, sameContent: try row.text("digest") == effect.digest)
            }
        case .intended, nil:
            let neverSent = try remote == nil && row.integer("sends") == 0
            if neverSent, try looksFirst || store.isRestored() { return .look(sentAt: nil, sameContent: false) }
        }
        try startAgain(effect, by: lease)
        return .send(known: remote)
    }

    /// From here on it may be on its way.
    func startAgain(_ effect: Effect, by lease: LeaseKey?) throws {
        if let lease { try store.require(lease) }
        let sql = """
            UPDATE effects SET state = 'sending', digest = ?, job = ?, fence = ?, sends = sends + 1, sent_at = ? WHERE stable_key = ?
            """
        try store.transaction.execute(
            sql,
            [
                .text(effect.digest), .text(lease?.id.rawValue), .integer(lease?.fence ?? 0), .integer(store.now.microseconds),
                .text(effect.stableKey),
            ])
        try audit("effect.sending", effect, job: lease?.id)
    }

    func note(_ effect: Effect, isAt id: String, by lease: LeaseKey?) throws {
        try setRemote(id, of: effect)
        try startAgain(effect, by: lease)
    }

    func forgetRemote(_ effect: Effect, by lease: LeaseKey?) throws {
        try setRemote(nil, of: effect)
        try startAgain(effect, by: lease)
    }

    func confirm(_ effect: Effect, id: String, way: EffectReceipt.Way, job: JobID?) throws {
        let sql = """
            UPDATE effects SET state = 'confirmed', remote_id = ?, confirmed_digest = ?, confirmed_at = ?, last_error = NULL
            WHERE stable_key = ?
            """
        let values: [SQLValue] = [.text(id), .text(effect.digest), .integer(store.now.microseconds), .text(effect.stableKey)]
        try store.transaction.execute(sql, values)
        try audit("effect.confirmed", effect, job: job, ["remote": .string(id), "way": .string(way.rawValue)])
    }

    func settleAsNotSent(_ effect: Effect, error: String, job: JobID?) throws {
        let sql = "UPDATE effects SET state = 'intended', last_error = ? WHERE stable_key = ? AND state = 'sending'"
        try store.transaction.execute(sql, [.text(error), .text(effect.stableKey)])
        try audit("effect.refused", effect, job: job, ["error": .string(error)])
    }

    /// A send of which nobody knows whether it arrived.
    struct OpenSend: Sendable {
        let effect: Effect
        let sentAt: Timestamp
        /// Which send of its key it was.
        let turn: Int64
    }

    /// `nil` when the key has none.
    func openSend(of stableKey: String, by lease: LeaseKey?) throws -> OpenSend? {
        if let lease { try store.require(lease) }
        let sql = "SELECT kind, digest, sent_at, sends FROM effects WHERE stable_key = ? AND state = 'sending' AND remote_id IS NULL"
        guard let row = try store.transaction.query(sql, [.text(stableKey)]).first else { return nil }
        return OpenSend(
            effect: Effect(stableKey: stableKey, kind: try row.text("kind"), digest: try row.text("digest")),
            sentAt: Timestamp(microseconds: try row.integer("sent_at")), turn: try row.integer("sends"))
    }

    /// It did not arrive, and no longer will.
    func giveUp(_ open: OpenSend, by lease: LeaseKey?) throws {
        if let lease { try store.require(lease) }
        let sql = "UPDATE effects SET state = 'intended' WHERE stable_key = ? AND state = 'sending' AND sends = ?"
        try store.transaction.execute(sql, [.text(open.effect.stableKey), .integer(open.turn)])
        try audit("effect.absent", open.effect, job: lease?.id)
    }

    private func setRemote(_ id: String?, of effect: Effect) throws {
        let sql = "UPDATE effects SET remote_id = ?, confirmed_digest = NULL WHERE stable_key = ?"
        try store.transaction.execute(sql, [.text(id), .text(effect.stableKey)])
    }

    private func audit(_ action: String, _ effect: Effect, job: JobID?, _ detail: [String: JSONValue] = [:]) throws {
        let facts: [String: JSONValue] = ["kind": .string(effect.kind), "digest": .string(effect.digest)]
        let entry = AuditEntry(action: action, subject: effect.stableKey, job: job, detail: facts.merging(detail) { $1 })
        try AuditLog.append(entry, at: store.now, in: store.transaction)
    }
}
