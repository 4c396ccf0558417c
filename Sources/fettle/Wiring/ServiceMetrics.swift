import Basics
import HTTP
import Jobs
import Webhooks

/// The numbers `/metrics` shows. Names and meanings are a contract.
struct ServiceMetrics: Sendable {
    let registry = Metrics()
    let server: ServerMetrics
    private let deliveries: Metrics.Counter
    private let jobsOpen: Metrics.Gauge
    private let jobs: Metrics.Gauge

    init() {
        server = ServerMetrics(registry)
        deliveries = registry.counter(
            "fettle_deliveries_total", help: "Deliveries by forge and what was answered.", labels: ["forge", "outcome"])
        jobsOpen = registry.gauge("fettle_jobs_open", help: "Jobs that wait or run, and deliveries nobody has read yet.")
        jobs = registry.gauge("fettle_jobs", help: "Jobs by state.", labels: ["state"])
    }

    func count(_ outcome: WebhookEndpoint.Outcome, forge: String) {
        let word =
            switch outcome {
            case .accepted: "accepted"
            case .repeated: "repeated"
            case .refused(let reason): "refused: \(reason)"
            case .unavailable: "not stored"
            }
        deliveries.add(1, forge, word)
    }

    /// Reads the database's numbers and prints all.
    func text(queue: JobQueue, inbox: Inbox) async throws -> String {
        // Deliveries first: one that is read between the two questions is then counted as its job, and nothing is missed.
        let pending = try await inbox.counts().byState[.pending] ?? 0
        let counts = try await queue.counts()
        for state in JobState.allCases { jobs.set(Double(counts[state] ?? 0), state.rawValue) }
        let open = counts.reduce(0) { $0 + ($1.key.isEnded ? 0 : $1.value) }
        jobsOpen.set(Double(open + pending))
        return registry.text
    }
}
