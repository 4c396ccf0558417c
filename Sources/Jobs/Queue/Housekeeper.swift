package import Basics
import Storage

/// What must happen by the clock: audit seals each second, recurring jobs, bodies and old rows dropped. Every process runs one; rows
/// that are locked while they change make sure that each thing is done once.
package struct Housekeeper: Sendable {
    package struct Retention: Sendable {
        /// Deliveries' bodies, after they were settled.
        package var bodies: Duration = .seconds(7 * 24 * 3600)
        /// Jobs that ended well. Those that failed for good stay until somebody deletes them.
        package var jobs: Duration = .seconds(30 * 24 * 3600)

        package init() {}
    }

    private let queue: JobQueue
    private let recurring: [RecurringJob]
    private let seal: AuditSealer
    private let retention: Retention
    private let logger: Logger

    package init(
        queue: JobQueue, recurring: [RecurringJob], sealer: AuditSealer, logger: Logger, retention: Retention = Retention()
    ) {
        self.queue = queue
        self.recurring = recurring
        self.seal = sealer
        self.logger = logger
        self.retention = retention
    }

    /// Works until its task is cancelled.
    package func run() async {
        var round = 0
        while !Task.isCancelled {
            await attempt("audit rows could not be sealed") { _ = try await seal.sealAll() }
            if round % 5 == 0 {
                await attempt("recurring jobs could not be queued") { _ = try await queueDue(atStart: round == 0) }
            }
            if round % 3600 == 0 { await attempt("old rows could not be dropped") { _ = try await dropOld() } }
            round += 1
            guard (try? await queue.clock.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    /// How many jobs were queued.
    package func queueDue(atStart: Bool) async throws -> Int {
        var queued: [JobRequest] = []
        for job in recurring {
            let isQueued = try await queue.write { store in
                try store.queueIfDue(job, id: queue.newID(at: store.now), force: atStart && job.runsAtStart)
            }
            if isQueued { queued.append(job.request) }
        }
        await queue.announce(queued)
        return queued.count
    }

    /// How many rows were dropped or emptied.
    package func dropOld() async throws -> Int {
        let now = queue.clock.now
        let bodies = try await Inbox(queue: queue).dropBodies(settledBefore: now - retention.bodies)
        let limit = now - retention.jobs
        let jobs = try await queue.database.write { transaction in
            let old = "state IN ('succeeded', 'superseded', 'cancelled') AND ended_at < ?"
            try transaction.execute("DELETE FROM job_needs WHERE job IN (SELECT id FROM jobs WHERE \(old))", [.integer(limit.microseconds)])
            return try transaction.execute("DELETE FROM jobs WHERE \(old)", [.integer(limit.microseconds)])
        }
        return bodies + jobs
    }

    private func attempt(_ complaint: StaticString, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            if !Task.isCancelled { logger.warning(complaint, ["error": .string("\(error)")]) }
        }
    }
}
