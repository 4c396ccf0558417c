import Basics
import Storage

/// The queue as `/metrics` and `fettle jobs` show it, from the rows themselves: the same in every process.
package struct QueueMetrics: Sendable, Hashable {
    package struct LaneDepth: Sendable, Hashable {
        /// Jobs that could start now.
        package var ready = 0
        /// Jobs waiting for their time or for other jobs.
        package var delayed = 0
        package var running = 0
        /// How long the oldest ready job has been waiting.
        package var oldestAge: Duration = .zero

        package init(ready: Int = 0, delayed: Int = 0, running: Int = 0, oldestAge: Duration = .zero) {
            self.ready = ready
            self.delayed = delayed
            self.running = running
            self.oldestAge = oldestAge
        }
    }

    package var lanes: [Lane: LaneDepth] = [:]
    package var byState: [JobState: Int] = [:]
    /// Attempts begun, over all jobs kept.
    package var attempts = 0
    package var leaseLosses = 0
    package var deliveries = InboxCounts()
    package var effectsConfirmed = 0
    /// Sends beyond the first: after a lost answer or for new content.
    package var effectResends = 0
}

extension JobQueue {
    package func metrics() async throws -> QueueMetrics {
        let now = clock.now
        // Before the jobs: a delivery handled in between is then counted twice, and never not at all.
        let deliveries = try await Inbox(queue: self).counts()
        var metrics = try await database.read { transaction in
            var metrics = QueueMetrics()
            let sql = """
                SELECT lane, state, COUNT(*) AS n, SUM(attempt) AS attempts, SUM(losses) AS losses,
                    SUM(CASE WHEN run_at <= ? AND open_needs = 0 THEN 1 ELSE 0 END) AS due,
                    MIN(CASE WHEN run_at <= ? AND open_needs = 0 THEN run_at END) AS oldest
                FROM jobs GROUP BY lane, state
                """
            for row in try transaction.query(sql, [.integer(now.microseconds), .integer(now.microseconds)]) {
                try metrics.add(row, at: now)
            }
            let effects = "SELECT COUNT(*) AS n, COALESCE(SUM(sends - 1), 0) AS resends FROM effects WHERE state = 'confirmed'"
            if let row = try transaction.query(effects).first {
                metrics.effectsConfirmed = Int(clamping: try row.integer("n"))
                metrics.effectResends = Int(clamping: try row.integer("resends"))
            }
            return metrics
        }
        metrics.deliveries = deliveries
        return metrics
    }
}

extension QueueMetrics {
    fileprivate mutating func add(_ row: Row, at now: Timestamp) throws {
        guard let state = JobState(rawValue: try row.text("state")) else { return }
        let count = Int(clamping: try row.integer("n"))
        byState[state, default: 0] += count
        attempts += Int(clamping: try row.integer("attempts"))
        leaseLosses += Int(clamping: try row.integer("losses"))
        if state.isEnded { return }
        var depth = lanes[Lane(rawValue: try row.text("lane"))] ?? LaneDepth()
        if state == .running {
            depth.running += count
        } else {
            let due = Int(clamping: try row.integer("due"))
            depth.ready += due
            depth.delayed += count - due
            if let oldest = try row.optionalInteger("oldest") {
                depth.oldestAge = max(depth.oldestAge, now - Timestamp(microseconds: oldest))
            }
        }
        lanes[Lane(rawValue: try row.text("lane"))] = depth
    }
}
