import Basics
package import Forge
import Storage

/// Asks the forge for what it could not hand over while we were away.
package struct RedeliverySweep: JobHandler {
    package static let kind = "redelivery-sweep"
    package var kind: String { Self.kind }

    /// GitHub forgets deliveries after three days.
    package static let window = Duration.seconds(3 * 24 * 3600)
    /// A delivery that fails this often fails for another reason than our absence.
    package static let mostAttempts = 5

    private let sources: [any DeliverySource]

    package init(sources: [any DeliverySource]) {
        self.sources = sources
    }

    /// At start, then hourly.
    package static let recurring = RecurringJob(
        name: kind, every: .seconds(3600), runsAtStart: true,
        request: JobRequest(kind: kind, lane: .maintenance, payload: .null, uniqueKey: kind, maxAttempts: 3))

    package func run(_ job: JobContext) async throws -> JobOutcome {
        for source in sources {
            let attempts = try await source.attempts(since: job.clock.now - Self.window)
            let missing = Self.missing(among: attempts)
            let known = try await Self.known(missing.map(\.deliveryID), job)
            for attempt in missing where !known.contains(attempt.deliveryID) {
                let detail: [String: JSONValue] = ["delivery": .string(attempt.deliveryID), "attempt": .integer(attempt.id)]
                try await job.audit("delivery.requested", subject: source.name, detail: detail)
                try job.lease.check()
                // Asking twice does no harm: the inbox knows the delivery's id.
                try await source.redeliver(attempt.id)
            }
        }
        return .done
    }

    /// The newest attempt of every delivery that never arrived, the oldest delivery first.
    package static func missing(among attempts: [DeliveryAttempt]) -> [DeliveryAttempt] {
        Dictionary(grouping: attempts, by: \.deliveryID).values.compactMap { tries -> DeliveryAttempt? in
            if tries.contains(where: \.succeeded) || tries.count >= mostAttempts { return nil }
            return tries.max { ($0.at, $0.id) < ($1.at, $1.id) }
        }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
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
