package import Basics
package import Storage

/// The queue: what may be asked of it from outside. Cheap to copy; all state is in the database.
package struct JobQueue: Sendable {
    package let database: any Database
    package let clock: any Clock
    package let random: any RandomSource

    package init(database: any Database, clock: any Clock, random: any RandomSource) {
        self.database = database
        self.clock = clock
        self.random = random
    }

    /// Queues a job; returns once it is on disk.
    @discardableResult
    package func enqueue(_ request: JobRequest) async throws -> EnqueueResult {
        let result = try await write { store in try store.enqueue(request, id: newID(at: store.now), delivery: nil) }
        await announce([request])
        return result
    }

    /// Queues jobs inside somebody's transaction, so that they commit with their reason. Call `announce` after the commit.
    @discardableResult
    package func enqueue(_ requests: [JobRequest], delivery: Int64? = nil, in transaction: any Transaction) throws -> [EnqueueResult] {
        let store = store(in: transaction)
        return try requests.map { try store.enqueue($0, id: newID(at: store.now), delivery: delivery) }
    }

    /// Wakes the workers. Without it they find the jobs at their next poll.
    package func announce(_ requests: [JobRequest]) async {
        if requests.isEmpty { return }
        await database.notify(QueueSchema.Channel.jobs)
        if requests.contains(where: \.supersedesOlder) { await database.notify(QueueSchema.Channel.stopped) }
    }

    package func job(_ id: JobID) async throws -> JobRecord? {
        try await database.read { transaction in
            try transaction.query("SELECT \(JobRecord.columns) FROM jobs WHERE id = ?", [.text(id.rawValue)]).first.map {
                try JobRecord($0)
            }
        }
    }

    /// How many jobs are in each state; states without any are absent.
    package func counts() async throws -> [JobState: Int] {
        try await database.read { transaction in
            let rows = try transaction.query("SELECT state, COUNT(*) AS n FROM jobs GROUP BY state")
            return try rows.reduce(into: [:]) { counts, row in
                if let state = JobState(rawValue: try row.text("state")) { counts[state] = Int(clamping: try row.integer("n")) }
            }
        }
    }

    /// The newest first.
    package func jobs(in states: [JobState] = JobState.allCases, limit: Int = 100) async throws -> [JobRecord] {
        let places = Array(repeating: "?", count: states.count).joined(separator: ", ")
        let sql = "SELECT \(JobRecord.columns) FROM jobs WHERE state IN (\(places)) ORDER BY id DESC LIMIT ?"
        let values: [SQLValue] = states.map { .text($0.rawValue) } + [.integer(limit)]
        return try await database.read { try $0.query(sql, values).map { try JobRecord($0) } }
    }

    /// Stops a waiting or running job for good. A running one is told at its next heartbeat or sooner; what it writes from now on is refused.
    package func cancel(_ id: JobID, reason: String) async throws -> JobAction {
        let action = try await write { try $0.apply(.cancel, to: id, error: reason) }
        await database.notify(QueueSchema.Channel.stopped)
        return action
    }

    /// Runs a job again that failed for good or was cancelled.
    package func runAgain(_ id: JobID) async throws -> JobAction {
        let action = try await write { try $0.runAgain(id) }
        await database.notify(QueueSchema.Channel.jobs)
        return action
    }

    /// To be called once, before the first worker starts: on a database no other process can hold, whatever still runs is dead.
    /// On a shared database it does nothing; silent workers are found by their heartbeat. The number of jobs freed.
    package func freeJobsOfDeadProcesses() async throws -> Int {
        guard database.isExclusive else { return 0 }
        return try await write { store in
            // The first loss is nobody's fault; a job that kills its worker each time waits longer and longer.
            try store.running().count { sighting in
                let losses = try store.job(sighting.lease.id)?.progress.losses ?? 0
                let wait = losses == 0 ? Duration.zero : Backoff.afterLoss.wait(afterAttempt: losses, chance: random.unit())
                return try store.free(sighting, retryAt: store.now + wait)
            }
        }
    }

    /// Runs one transaction over the job tables.
    func write<Result: Sendable>(_ body: @escaping @Sendable (JobStore) throws -> Result) async throws -> Result {
        try await database.write { try body(store(in: $0)) }
    }

    /// As `write`, for what may wait a moment for others.
    func writeTogether<Result: Sendable>(_ body: @escaping @Sendable (JobStore) throws -> Result) async throws -> Result {
        try await database.writeTogether { try body(store(in: $0)) }
    }

    func store(in transaction: any Transaction) -> JobStore {
        JobStore(transaction: transaction, dialect: database.dialect, now: clock.now)
    }

    func newID(at now: Timestamp) -> JobID { JobID(rawValue: random.identifier(at: now)) }
}

extension Backoff {
    /// After a worker vanished.
    static let afterLoss = Backoff(first: .milliseconds(500), longest: .seconds(60))
}
