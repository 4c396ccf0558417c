package import Basics
import Storage

/// A verified delivery as it came in.
package struct Delivery: Sendable, Hashable {
    package let forge: String
    package let host: String
    /// The hook's id where the forge sends it, else empty.
    package let hook: String
    package let deliveryID: String
    package let event: String
    package let body: [UInt8]
    package let receivedAt: Timestamp

    package init(forge: String, host: String, hook: String, deliveryID: String, event: String, body: [UInt8], receivedAt: Timestamp) {
        self.forge = forge
        self.host = host
        self.hook = hook
        self.deliveryID = deliveryID
        self.event = event
        self.body = body
        self.receivedAt = receivedAt
    }
}

package struct StoredDelivery: Sendable, Hashable {
    package let id: Int64
    package let delivery: Delivery
}

package enum DeliveryState: String, Sendable, Hashable, CaseIterable {
    case pending, handled, ignored, malformed
}

package enum Acceptance: Sendable, Hashable {
    /// New, and on disk.
    case stored
    /// Known and in good order: nothing to do.
    case repeated(Int64)
    /// Known, and something about it had failed: it runs again.
    case runsAgain(Int64)
}

/// What the pure handler of an event wants done with a delivery.
package enum DeliveryDecision: Sendable, Hashable {
    case handled(jobs: [JobRequest], because: String)
    case ignored(reason: String)
    case malformed(reason: String)
}

/// Deliveries between the answer to the forge and the jobs they become.
package struct Inbox: Sendable {
    private let queue: JobQueue
    private let crashPoints: CrashPoints

    package init(queue: JobQueue, crashPoints: CrashPoints = .none) {
        self.queue = queue
        self.crashPoints = crashPoints
    }

    /// Returns once the delivery is on disk: then, and only then, may the forge be answered 2xx.
    ///
    /// - Parameter ignoredBecause: when it is known already that nothing comes of it: then it is settled as it is stored.
    package func accept(_ delivery: Delivery, ignoredBecause reason: String? = nil) async throws -> Acceptance {
        let acceptance = try await queue.writeTogether { try Self.insert(delivery, ignoredBecause: reason, $0) }
        crashPoints.reach(.deliveryStored)
        switch acceptance {
        case .stored where reason != nil: break
        case .stored: await queue.database.notify(QueueSchema.Channel.deliveries)
        case .runsAgain:
            await queue.database.notify(QueueSchema.Channel.deliveries)
            await queue.database.notify(QueueSchema.Channel.jobs)
        case .repeated: break
        }
        return acceptance
    }

    /// The oldest deliveries nobody has handled.
    package func pending(limit: Int = 64) async throws -> [StoredDelivery] {
        let sql = """
            SELECT id, forge, host, hook, delivery_id, event, body, received_at FROM deliveries WHERE state = 'pending' ORDER BY id LIMIT ?
            """
        return try await queue.database.read { try $0.query(sql, [.integer(limit)]).map(Self.stored) }
    }

    /// “Handled” and the jobs commit together. False when somebody else settled it first; then nothing is changed.
    @discardableResult
    package func settle(_ delivery: StoredDelivery, _ decision: DeliveryDecision) async throws -> Bool {
        let settled = try await queue.database.write { transaction in
            let (state, reason) = Self.outcome(decision)
            let sql = "UPDATE deliveries SET state = ?, reason = ?, settled_at = ? WHERE id = ? AND state = 'pending'"
            let now = queue.clock.now
            let values: [SQLValue] = [.text(state.rawValue), .text(reason), .integer(now.microseconds), .integer(delivery.id)]
            guard try transaction.execute(sql, values) == 1 else { return false }
            if case .handled(let requests, _) = decision { try queue.enqueue(requests, delivery: delivery.id, in: transaction) }
            // Of what is ignored the row itself is the record: nothing was done that could be audited.
            if case .ignored = decision { return true }
            let entry = AuditEntry(
                action: "delivery." + state.rawValue, subject: "\(delivery.delivery.forge):\(delivery.delivery.deliveryID)",
                detail: reason.map { ["reason": .string($0)] } ?? [:])
            try AuditLog.append(entry, at: now, in: transaction)
            return true
        }
        crashPoints.reach(.deliveryHandled)
        if settled, case .handled(let requests, _) = decision { await queue.announce(requests) }
        return settled
    }

    package func counts() async throws -> InboxCounts {
        try await queue.database.read { transaction in
            var counts = InboxCounts()
            let sql = "SELECT state, COUNT(*) AS n, COALESCE(SUM(repeats), 0) AS repeats FROM deliveries GROUP BY state"
            for row in try transaction.query(sql) {
                if let state = DeliveryState(rawValue: try row.text("state")) {
                    counts.byState[state] = Int(clamping: try row.integer("n"))
                }
                counts.repeats += Int(clamping: try row.integer("repeats"))
            }
            return counts
        }
    }

    /// Empties the bodies of settled deliveries older than `moment`; their ids stay, so that a late repeat is still known.
    package func dropBodies(settledBefore moment: Timestamp) async throws -> Int {
        try await queue.database.write { transaction in
            let sql = "UPDATE deliveries SET body = ? WHERE state <> 'pending' AND settled_at < ? AND length(body) > 0"
            return try transaction.execute(sql, [.bytes([]), .integer(moment.microseconds)])
        }
    }

    private static func insert(_ delivery: Delivery, ignoredBecause reason: String?, _ store: JobStore) throws -> Acceptance {
        let sql = """
            INSERT INTO deliveries (forge, host, hook, delivery_id, event, body, state, reason, repeats, received_at, settled_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (forge, host, hook, delivery_id) DO NOTHING
            """
        let state = reason == nil ? DeliveryState.pending : .ignored
        let values: [SQLValue] =
            key(of: delivery) + [
                .text(delivery.event), .bytes(delivery.body), .text(state.rawValue), .text(reason),
                .integer(delivery.receivedAt.microseconds), reason == nil ? .null : .integer(store.now.microseconds),
            ]
        return try store.transaction.execute(sql, values) == 1 ? .stored : try repeatOf(delivery, store)
    }

    private static func repeatOf(_ delivery: Delivery, _ store: JobStore) throws -> Acceptance {
        let sql = """
            SELECT id, state FROM deliveries WHERE forge = ? AND host = ? AND hook = ? AND delivery_id = ? \(store.dialect.forUpdate)
            """
        guard let row = try store.transaction.query(sql, key(of: delivery)).first else {
            throw DatabaseError.statement(reason: "a delivery is neither new nor known")
        }
        let id = try row.integer("id")
        try store.transaction.execute("UPDATE deliveries SET repeats = repeats + 1 WHERE id = ?", [.integer(id)])
        if try row.text("state") == DeliveryState.malformed.rawValue {
            try store.transaction.execute(
                "UPDATE deliveries SET state = 'pending', event = ?, body = ?, reason = NULL WHERE id = ?",
                [.text(delivery.event), .bytes(delivery.body), .integer(id)])
            return .runsAgain(id)
        }
        let failed = try store.transaction.query("SELECT id FROM jobs WHERE delivery = ? AND state = 'failed'", [.integer(id)])
        var revived = false
        for row in failed {
            if case .wait = try store.runAgain(JobID(rawValue: row.text("id"))) { revived = true }
        }
        return revived ? .runsAgain(id) : .repeated(id)
    }

    private static func key(of delivery: Delivery) -> [SQLValue] {
        [.text(delivery.forge), .text(delivery.host), .text(delivery.hook), .text(delivery.deliveryID)]
    }

    private static func outcome(_ decision: DeliveryDecision) -> (DeliveryState, String?) {
        switch decision {
        case .handled(_, let because): (.handled, because)
        case .ignored(let reason): (.ignored, reason)
        case .malformed(let reason): (.malformed, reason)
        }
    }

    private static func stored(_ row: Row) throws -> StoredDelivery {
        let delivery = Delivery(
            forge: try row.text("forge"), host: try row.text("host"), hook: try row.text("hook"), deliveryID: try row.text("delivery_id"),
            event: try row.text("event"), body: try row.bytes("body"),
            receivedAt: Timestamp(microseconds: try row.integer("received_at")))
        return StoredDelivery(id: try row.integer("id"), delivery: delivery)
    }
}

package struct InboxCounts: Sendable, Hashable {
    package var byState: [DeliveryState: Int]
    /// Deliveries that came again after they were stored.
    package var repeats: Int

    package init(byState: [DeliveryState: Int] = [:], repeats: Int = 0) {
        self.byState = byState
        self.repeats = repeats
    }
}
