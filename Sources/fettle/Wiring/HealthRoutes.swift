import Basics
import HTTP
import Jobs
import Storage

/// What orchestrators and Prometheus ask.
struct HealthRoutes: Sendable {
    let configuration: Configuration
    let database: any Database
    let queue: JobQueue
    let worker: Worker
    let metrics: ServiceMetrics

    func add(to router: inout Router) {
        router.get("/livez") { _ in .text(200, "alive") }
        router.get("/health") { _ in .json(200, ["status": "healthy"]) }
        router.get("/readyz") { _ in await ready() }
        router.get("/metrics") { _ in await numbers() }
    }

    /// 200, or 503 with every reason.
    private func ready() async -> HTTPResponse {
        var readiness = Readiness(configuration)
        do {
            try await database.probe()
        } catch {
            readiness = readiness.adding("\(error)")
        }
        let status = readiness.isReady ? "ready" : "not ready"
        return .json(
            readiness.isReady ? 200 : 503, ["status": .string(status), "problems": .array(readiness.problems.map { .string($0) })])
    }

    private func numbers() async -> HTTPResponse {
        do {
            let text = try await metrics.text(queue: queue, worker: worker.statistics)
            return HTTPResponse(status: 200, headers: ["Content-Type": Metrics.contentType], body: .bytes(Array(text.utf8)))
        } catch {
            return .text(503, "the database does not answer")
        }
    }
}
