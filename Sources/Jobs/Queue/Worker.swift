package import Basics
import Forge
import Storage

/// Claims jobs and runs them: one loop per lane, one heartbeat for all, one watch over workers that fell silent.
package actor Worker {
    private struct Running {
        let lane: Lane
        let lease: Lease
        let task: Task<JobOutcome, any Error>
    }

    private let queue: JobQueue
    private let settings: WorkerSettings
    private let handlers: [String: any JobHandler]
    private let logger: Logger
    private let redact: @Sendable (String) -> String
    private let crashPoints: CrashPoints
    private let bells: [Lane: WakeSignal]
    private let heartbeatBell = WakeSignal()
    private let ends: JobEnds

    private var running: [LeaseKey: Running] = [:]
    private var watch: LeaseWatch
    private var isStopping = false
    private var counters = WorkerCounters()

    /// `redact` cleans the text of errors before they are stored and logged.
    package init(
        queue: JobQueue, handlers: [any JobHandler], settings: WorkerSettings, logger: Logger,
        redact: @escaping @Sendable (String) -> String, crashPoints: CrashPoints = .none
    ) {
        self.queue = queue
        ends = JobEnds(queue: queue)
        self.settings = settings
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }) { first, _ in first }
        self.logger = logger
        self.redact = redact
        self.crashPoints = crashPoints
        bells = settings.lanes.mapValues { _ in WakeSignal() }
        watch = LeaseWatch(length: settings.lease)
    }

    package var statistics: WorkerCounters { counters }

    /// Works until `stop` or until its task is cancelled; returns when nothing of it runs any more.
    package func run() async {
        await withDiscardingTaskGroup { company in
            company.addTask { await self.listen(QueueSchema.Channel.jobs) { await self.ringAll() } }
            company.addTask { await self.listen(QueueSchema.Channel.stopped) { self.heartbeatBell.ring() } }
            company.addTask { await self.keepLeases() }
            await withDiscardingTaskGroup { lanes in
                for lane in settings.lanes.keys { lanes.addTask { await self.serve(lane) } }
            }
            company.cancelAll()
        }
    }

    /// Claims nothing more, lets what runs finish within `grace`, then cancels it; cancelled jobs are released, not failed.
    package func stop(grace: Duration) async {
        isStopping = true
        ringAll()
        let deadline = queue.clock.uptime + grace
        while !running.isEmpty, queue.clock.uptime < deadline {
            let left = min(deadline - queue.clock.uptime, .milliseconds(50))
            // Cancelled while waiting: then there is no grace left.
            guard (try? await queue.clock.sleep(for: left)) != nil else { break }
        }
        for entry in running.values { entry.task.cancel() }
    }

    // MARK: - Lanes

    private func serve(_ lane: Lane) async {
        guard let capacity = settings.lanes[lane], let bell = bells[lane] else { return }
        await withDiscardingTaskGroup { group in
            while !isStopping, !Task.isCancelled {
                var pause = settings.poll
                let free = capacity - running.values.count { $0.lane == lane }
                if free > 0 {
                    do {
                        for job in try await claim(lane, upTo: free) {
                            if isStopping {
                                // Claimed while `stop` was called: it has seen what runs, and this is not among it.
                                await giveBack(job)
                                continue
                            }
                            let (context, entry) = start(job)
                            group.addTask { await self.finish(context, entry) }
                        }
                    } catch {
                        logger.warning("jobs could not be claimed", ["lane": .string(lane.rawValue), "error": .string(redact("\(error)"))])
                        pause = max(pause, .seconds(1))
                    }
                }
                if isStopping { break }
                await bell.wait(upTo: pause, clock: queue.clock)
            }
        }
    }

    private func claim(_ lane: Lane, upTo free: Int) async throws -> [JobRecord] {
        let kinds = handlers.keys.sorted()
        let owner = settings.owner
        do {
            let jobs = try await queue.write { try $0.claim(lane: lane, kinds: kinds, limit: free, owner: owner) }
            if !jobs.isEmpty { crashPoints.reach(.jobClaimed) }
            return jobs
        } catch DatabaseError.constraint {
            // Another process started a job of the same concurrency key in this very moment. The next poll sees it.
            return []
        }
    }

    private func giveBack(_ job: JobRecord) async {
        do {
            try await queue.write { _ = try $0.apply(.release(fence: job.progress.fence), to: job.id) }
        } catch {
            logger.warning("a job could not be given back", ["job.id": .string(job.id.rawValue), "error": .string(redact("\(error)"))])
        }
    }

    private func start(_ job: JobRecord) -> (JobContext, Running) {
        let key = LeaseKey(id: job.id, fence: job.progress.fence)
        let lease = Lease(key, length: settings.lease, begun: queue.clock.uptime, clock: queue.clock)
        let context = JobContext(job: job, lease: lease, queue: queue, settling: settings.settling, crashPoints: crashPoints)
        let handler = handlers[job.kind]
        let task = Task { () async throws -> JobOutcome in
            guard let handler else { throw JobFailure(reason: "no handler for '\(job.kind)'", retry: .afterBackoff) }
            return try await handler.run(context)
        }
        let entry = Running(lane: job.lane, lease: lease, task: task)
        running[key] = entry
        counters.started += 1
        return (context, entry)
    }

    // MARK: - The end of a job

    private func finish(_ context: JobContext, _ entry: Running) async {
        let result = await withTaskCancellationHandler {
            await entry.task.result
        } onCancel: {
            entry.task.cancel()
        }
        crashPoints.reach(.jobFinishing)
        await record(result, of: context)
        crashPoints.reach(.jobFinished)
        running[context.lease.key] = nil
        bells[entry.lane]?.ring()
    }

    /// Tries until it is on disk or the lease is gone: then somebody else finds the job.
    private func record(_ result: Result<JobOutcome, any Error>, of context: JobContext) async {
        let (event, next, error) = verdict(on: result, context)
        var attempt = 0
        while context.lease.isHeld {
            do {
                try await store(event, next, error, context)
                return
            } catch {
                attempt += 1
                logger.warning("the end of a job could not be stored", facts(context, error: redact("\(error)")))
                let wait = Backoff(first: .milliseconds(100), longest: .seconds(2)).wait(afterAttempt: attempt, chance: queue.random.unit())
                guard (try? await queue.clock.sleep(for: wait)) != nil else { return }
            }
        }
        counters.leasesLost += 1
    }

    private func store(_ event: JobEvent, _ next: [JobRequest], _ error: String?, _ context: JobContext) async throws {
        let change = JobChange(event: event, job: context.job.id, error: error)
        let action = try await ends.store(JobEnds.End(change: change, next: next, delivery: context.job.delivery))
        switch action {
        case .refuse:
            counters.leasesLost += 1
            logger.warning("a job's end was refused: its lease was lost", facts(context, error: nil))
        case .end, .wait, .start, .carryOn:
            count(event, action)
            if case .fail = event {
                if action == .end {
                    logger.error("a job failed for good", facts(context, error: error))
                } else {
                    logger.warning("a job failed and will be tried again", facts(context, error: error))
                }
            }
            if !next.isEmpty { await queue.announce(next) }
            if action == .end { ringAll() }
        }
    }

    private func verdict(on result: Result<JobOutcome, any Error>, _ context: JobContext) -> (JobEvent, [JobRequest], String?) {
        let fence = context.lease.key.fence
        switch result {
        case .success(.done(let next)): return (.succeed(fence: fence), next, nil)
        case .success(.postpone(let until)): return (.postpone(fence: fence, until: until), [], nil)
        case .failure(let error):
            if isStopping, isCancellation(error) { return (.release(fence: fence), [], nil) }
            let reason = String(redact("\(error)").prefix(2000))
            return (.fail(fence: fence, retryAt: retryTime(after: error, context)), [], reason)
        }
    }

    private func isCancellation(_ error: any Error) -> Bool {
        if error is CancellationError { return true }
        return (error as? ForgeError) == .cancelled
    }

    private func retryTime(after error: any Error, _ context: JobContext) -> Timestamp? {
        let backoff = settings.retry.wait(afterAttempt: context.job.progress.attempt, chance: queue.random.unit())
        switch (error as? any RetryAdvising)?.retryAdvice ?? .afterBackoff {
        case .afterBackoff: return queue.clock.now + backoff
        case .after(let wait): return queue.clock.now + max(wait, backoff)
        case .never: return nil
        }
    }

    private func count(_ event: JobEvent, _ action: JobAction) {
        switch event {
        case .succeed: counters.succeeded += 1
        case .fail:
            if action == .end { counters.failed += 1 } else { counters.retried += 1 }
        default: counters.givenBack += 1
        }
    }

    private func facts(_ context: JobContext, error: String?) -> [String: JSONValue] {
        var facts: [String: JSONValue] = ["job.id": .string(context.job.id.rawValue), "job.kind": .string(context.job.kind)]
        if let error { facts["error"] = .string(error) }
        return facts
    }

    // MARK: - Leases

    private func keepLeases() async {
        while !Task.isCancelled {
            await heartbeatBell.wait(upTo: settings.heartbeat, clock: queue.clock)
            if Task.isCancelled { return }
            do {
                try await beat()
                try await freeSilent()
            } catch {
                logger.warning("leases could not be kept", ["error": .string(redact("\(error)"))])
            }
            // What has no valid lease must not act, also while the database is away.
            for entry in running.values where !entry.lease.isHeld { entry.task.cancel() }
        }
    }

    private func beat() async throws {
        let keys = Array(running.keys)
        if keys.isEmpty { return }
        let begun = queue.clock.uptime
        let lost = Set(try await queue.write { try $0.beat(keys) })
        for key in keys {
            guard let entry = running[key] else { continue }
            if lost.contains(key) {
                entry.lease.lose()
                entry.task.cancel()
            } else {
                entry.lease.confirm(begun: begun)
            }
        }
    }

    private func freeSilent() async throws {
        let queue = queue
        let begun = queue.clock.uptime
        let sightings = try await queue.database.read { try queue.store(in: $0).running() }
        let foreign = sightings.filter { running[$0.lease] == nil }
        let silent = watch.observe(foreign, at: begun)
        if silent.isEmpty { return }
        let retryAt = queue.clock.now + Backoff.afterLoss.wait(afterAttempt: 1, chance: queue.random.unit())
        let freed = try await queue.write { store in try silent.count { try store.free($0, retryAt: retryAt) } }
        counters.jobsFreed += freed
        logger.warning("jobs of a silent worker were freed", ["count": .integer(Int64(freed))])
    }

    // MARK: - Bells

    private func ringAll() {
        for bell in bells.values { bell.ring() }
    }

    private func listen(_ channel: String, _ action: @escaping @Sendable () async -> Void) async {
        for await _ in queue.database.listen(channel) { await action() }
    }
}

/// What one worker did since it began.
package struct WorkerCounters: Sendable, Hashable {
    package var started = 0
    package var succeeded = 0
    package var retried = 0
    package var failed = 0
    package var givenBack = 0
    package var leasesLost = 0
    package var jobsFreed = 0

    package init() {}
}
