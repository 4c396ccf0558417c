import Basics
import Storage

extension JobStore {
    func enqueue(_ request: JobRequest, id: JobID, delivery: Int64?) throws -> EnqueueResult {
        if let present = try sameUniqueKey(as: request) { return .alreadyQueued(present) }
        if request.supersedesOlder { try supersedeOlder(than: request) }
        let needs = try states(of: request.needs)
        let open = needs.filter { $0.value != .succeeded }
        let progress = JobProgress(queuedAt: now, runAt: request.runAt, maxAttempts: request.maxAttempts, openNeeds: open.count)
        guard try insert(request, id: id, delivery: delivery, progress: progress) else {
            // Another process queued the same between our look and our insert.
            if let present = try sameUniqueKey(as: request) { return .alreadyQueued(present) }
            throw DatabaseError.constraint(reason: "job \(id) exists already")
        }
        let entry = AuditEntry(
            action: "job.queued", subject: request.concurrencyKey ?? request.uniqueKey ?? request.kind, job: id,
            detail: ["kind": .string(request.kind), "delivery": delivery.map { .integer($0) } ?? .null])
        try AuditLog.append(entry, at: now, in: transaction)
        try tie(id, to: needs, policy: request.ifNeedFails)
        return .queued(id)
    }

    private func sameUniqueKey(as request: JobRequest) throws -> JobID? {
        guard let key = request.uniqueKey else { return nil }
        let states = request.uniqueness == .forever ? "('available', 'scheduled', 'retrying', 'running', 'succeeded')" : Self.open
        let rows = try transaction.query("SELECT id FROM jobs WHERE unique_key = ? AND state IN \(states) LIMIT 1", [.text(key)])
        return try rows.first.map { JobID(rawValue: try $0.text("id")) }
    }

    private func supersedeOlder(than request: JobRequest) throws {
        guard let key = request.concurrencyKey else { return }
        let sql = "SELECT id FROM jobs WHERE concurrency_key = ? AND kind = ? AND state IN \(Self.open)"
        for row in try transaction.query(sql, [.text(key), .text(request.kind)]) {
            try apply(.supersede, to: JobID(rawValue: row.text("id")), error: "a newer job took its place")
        }
    }

    /// A need nobody knows counts as failed.
    private func states(of needs: [JobID]) throws -> [JobID: JobState] {
        var states: [JobID: JobState] = [:]
        for need in needs { states[need] = try job(need)?.progress.state ?? .cancelled }
        return states
    }

    private func insert(_ request: JobRequest, id: JobID, delivery: Int64?, progress: JobProgress) throws -> Bool {
        let sql = """
            INSERT INTO jobs (id, kind, lane, payload, state, attempt, max_attempts, losses, fence, run_at, open_needs, unique_key,
                concurrency_key, priority, delivery, beat, created_at)
            VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING
            """
        let values: [SQLValue] = [
            .text(id.rawValue), .text(request.kind), .text(request.lane.rawValue), .text(request.payload.text),
            .text(progress.state.rawValue), .integer(progress.maxAttempts), .integer(progress.runAt.microseconds),
            .integer(progress.openNeeds), .text(request.uniqueKey), .text(request.concurrencyKey), .integer(request.priority),
            .integer(delivery), .integer(now.microseconds),
        ]
        return try transaction.execute(sql, values) == 1
    }

    private func tie(_ id: JobID, to needs: [JobID: JobState], policy: FailedNeedPolicy) throws {
        for (need, state) in needs {
            let isOpen: Int64 = state.isEnded ? 0 : 1
            try transaction.execute(
                "INSERT INTO job_needs (job, needs, if_fails, is_open) VALUES (?, ?, ?, ?)",
                [.text(id.rawValue), .text(need.rawValue), .text(policy.rawValue), .integer(isOpen)])
            if state.isEnded, state != .succeeded {
                try apply(.needEnded(succeeded: false, policy: policy), to: id, error: "job \(need) did not succeed")
            }
        }
    }
}
