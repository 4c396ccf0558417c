package import Basics
package import Forge
import Storage
import Synchronization

/// Asks the forge for what it could not hand over while we were away.
package struct RedeliverySweep: JobHandler {
    package static let kind = "redelivery-sweep"
    package var kind: String { Self.kind }

    /// GitHub forgets deliveries after three days.
    package static let window = Duration.seconds(3 * 24 * 3600)

    /// GitHub waits so long for an answer: an attempt this young may be under way, or answered and not noted yet.
    package static let patience = Duration.seconds(10)

    private let forges: [any HookDeliveryLogs]
    private let logger: Logger
    private let young = YoungAttempts()

    package init(forges: [any HookDeliveryLogs], logger: Logger) {
        self.forges = forges
        self.logger = logger
    }

    /// At start, then hourly.
    package static let recurring = RecurringJob(
        name: kind, every: .seconds(3600), runsAtStart: true,
        request: JobRequest(kind: kind, lane: .maintenance, payload: .null, uniqueKey: kind, maxAttempts: 3))

    /// Every hook is looked at, whatever happens at another one; what may pass is tried again.
    package func run(_ job: JobContext) async throws -> JobOutcome {
        let hooks = try await job.write { transaction in
            try HookRegister.learn(in: transaction)
            return try HookRegister.hooks(in: transaction)
        }
        var passing: ForgeError?
        var isEarly = false
        for log in forges.flatMap({ $0.deliveryLogs(of: hooks) }) {
            do {
                if try await sweep(log, job) { isEarly = true }
            } catch let error as ForgeError where error.mayPass {
                passing = error
            } catch let error as ForgeError where error != .cancelled {
                // Until somebody gives the right, or takes the hook away, the next sweeps meet the same: no failed job each hour.
                logger.warning(
                    "a hook's lost deliveries cannot be asked for", ["hook": .string(log.hookName), "error": .string("\(error)")])
                try await job.audit("hook.unreadable", subject: log.hookName, detail: ["error": .string("\(error)")])
            }
        }
        if let passing { throw passing }
        return isEarly ? .postpone(until: job.clock.now + Self.patience) : .done
    }

    /// Whether something may yet turn out to be lost: then the sweep comes back in a moment, not in an hour.
    private func sweep(_ log: any HookDeliveryLog, _ job: JobContext) async throws -> Bool {
        let missing = HookDelivery.toRepeat(try await log.deliveries(since: job.clock.now - Self.window))
        let known = try await Self.known(missing.map(\.guid), job)
        let open = missing.filter { !known.contains($0.guid) }
        let overdue = young.overdue(open, of: log.hookName, clock: job.clock, patience: Self.patience)
        let wanted = open.filter { $0.wasRefused || overdue.contains($0.id) }
        for delivery in wanted {
            let detail: [String: JSONValue] = ["delivery": .string(delivery.guid), "attempt": .integer(delivery.id)]
            try await job.audit("delivery.requested", subject: log.hookName, detail: detail)
            try job.lease.check()
            // Asking twice does no harm: the inbox knows the delivery's id.
            try await log.redeliver(delivery.id)
        }
        if !wanted.isEmpty {
            logger.info("lost deliveries were asked for", ["hook": .string(log.hookName), "count": .integer(Int64(wanted.count))])
        }
        return wanted.count < open.count
    }

    /// Those that are stored although the forge never saw our answer, and did not fail here.
    private static func known(_ ids: [String], _ job: JobContext) async throws -> Set<String> {
        if ids.isEmpty { return [] }
        return try await job.read { transaction in
            var known: Set<String> = []
            for id in ids {
                let sql = """
                    SELECT 1 AS found FROM deliveries WHERE delivery_id = ? AND state <> 'malformed'
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.delivery = deliveries.id AND jobs.state = 'failed')
                    """
                if try !transaction.query(sql, [.text(id)]).isEmpty { known.insert(id) }
            }
            return known
        }
    }
}

/// Since when this process knows attempts that the forge calls recent: its clock may run ahead of ours, and what is lost is lost by ours too.
private final class YoungAttempts: Sendable {
    private let firstSeen = Mutex<[String: [Int64: Duration]]>([:])

    /// Ids of those that began, or were first seen, longer than `patience` ago. The others are remembered; what is no longer open is forgotten.
    func overdue(_ open: [HookDelivery], of hook: String, clock: any Clock, patience: Duration) -> Set<Int64> {
        let uptime = clock.uptime
        return firstSeen.withLock { hooks in
            let known = hooks[hook] ?? [:]
            let seen = Dictionary(open.map { ($0.id, known[$0.id] ?? uptime) }, uniquingKeysWith: min)
            hooks[hook] = seen.isEmpty ? nil : seen
            return Set(
                open.filter { $0.time < clock.now - patience || uptime - (seen[$0.id] ?? uptime) >= patience }.map(\.id))
        }
    }
}
