import Basics
import HTTP
import Jobs
import Previews
import Storage
import Webhooks

/// The numbers `/metrics` shows. Names and meanings are a contract.
struct ServiceMetrics: Sendable {
    let registry = Metrics()
    let server: ServerMetrics
    private let deliveries: Metrics.Counter
    private let jobsOpen: Metrics.Gauge
    private let jobs: Metrics.Gauge
    private let previews: Metrics.Gauge
    private let previewLeaks: Metrics.Gauge
    private let lane: Metrics.Gauge
    private let laneAge: Metrics.Gauge
    private let kept: Metrics.Gauge
    private let worker: Metrics.Gauge

    init() {
        server = ServerMetrics(registry)
        deliveries = registry.counter(
            "fettle_deliveries_total", help: "Deliveries by forge and what was answered.", labels: ["forge", "outcome"])
        jobsOpen = registry.gauge("fettle_jobs_open", help: "Jobs that wait or run, and deliveries nobody has read yet.")
        previews = registry.gauge("fettle_previews", help: "Previews of pull requests by state.", labels: ["state"])
        previewLeaks = registry.gauge(
            "fettle_preview_leaks",
            help: "Environments and databases the last hourly look found without a pull request that wants them, or could not remove.")
        jobs = registry.gauge("fettle_jobs", help: "Jobs by state; failed ones are kept until somebody runs them again.", labels: ["state"])
        lane = registry.gauge(
            "fettle_lane_jobs", help: "Open jobs by lane: ready to start, waiting for their time, running.", labels: ["lane", "state"])
        laneAge = registry.gauge("fettle_lane_oldest_seconds", help: "How long the oldest job that could start waits.", labels: ["lane"])
        kept = registry.gauge(
            "fettle_queue",
            help: "Over all rows kept: attempts begun, leases lost, deliveries that came again, effects confirmed and sent again.",
            labels: ["what"])
        worker = registry.gauge("fettle_worker", help: "What this process did since its start.", labels: ["what"])
    }

    func count(_ outcome: WebhookEndpoint.Outcome, forge: String) {
        let word =
            switch outcome {
            case .accepted: "accepted"
            case .repeated: "repeated"
            case .refused(let refusal): "refused: \(refusal.reason)"
            case .unavailable: "not stored"
            }
        deliveries.add(1, forge, word)
    }

    /// Reads the database's numbers and prints all.
    func text(queue: JobQueue, worker counters: WorkerCounters) async throws -> String {
        let numbers = try await queue.metrics()
        for state in JobState.allCases { jobs.set(Double(numbers.byState[state] ?? 0), state.rawValue) }
        let open = numbers.byState.reduce(0) { $0 + ($1.key.isEnded ? 0 : $1.value) }
        let phases = try await queue.database.read { try PreviewRecords.counts(in: $0) }
        for phase in Preview.Phase.allCases { previews.set(Double(phases[phase.rawValue] ?? 0), phase.rawValue) }
        previewLeaks.set(Double(try await queue.database.read { try PreviewRecords.leaks(in: $0).count }))
        jobsOpen.set(Double(open + (numbers.deliveries.byState[.pending] ?? 0)))
        for name in Lane.all {
            let depth = numbers.lanes[name] ?? QueueMetrics.LaneDepth()
            for (count, state) in [(depth.ready, "ready"), (depth.delayed, "delayed"), (depth.running, "running")] {
                lane.set(Double(count), name.rawValue, state)
            }
            laneAge.set(depth.oldestAge.inSeconds, name.rawValue)
        }
        show(numbers, counters)
        return registry.text
    }

    private func show(_ numbers: QueueMetrics, _ counters: WorkerCounters) {
        let rows = [
            ("attempts", numbers.attempts), ("lease_losses", numbers.leaseLosses), ("repeated_deliveries", numbers.deliveries.repeats),
            ("effects_confirmed", numbers.effectsConfirmed), ("effects_sent_again", numbers.effectResends),
        ]
        for (what, count) in rows { kept.set(Double(count), what) }
        let own = [
            ("started", counters.started), ("succeeded", counters.succeeded), ("retried", counters.retried),
            ("failed", counters.failed), ("given_back", counters.givenBack), ("leases_lost", counters.leasesLost),
            ("jobs_freed", counters.jobsFreed),
        ]
        for (what, count) in own { worker.set(Double(count), what) }
    }
}
