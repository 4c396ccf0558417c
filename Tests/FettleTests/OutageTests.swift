import Basics
import Forge
import ForgeClients
import HTTP
import Jobs
import SandboxForge
import Storage
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import fettle

/// No room on the disk, and room again.
@Suite struct OutageTests {
    private static let configuration = Result {
        try Configuration(environment: ["FETTLE_GITHUB_WEBHOOK_SECRET": "s"], file: [:]) { _ in "" }
    }

    @Test func `a full disk turns deliveries away with a line in the log, and room lets them in again without a restart`() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(.file(path: folder.path + "/full.sqlite"), sizeLimit: .kibibytes(600))
        try await database.migrate(QueueSchema.migrations)
        let queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
        let lines = Mutex<[String]>([])
        let doorLog = DoorLog(clock: SystemClock(), logger: Logger { entry in lines.withLock { $0.append(entry.message) } })
        var router = Router()
        let endpoint = WebhookEndpoint(
            dialect: GitHubWebhookDialect(), secrets: [Secret("s")], host: "github", inbox: Inbox(queue: queue), clock: SystemClock(),
            counter: { doorLog.note($0, at: .github) })
        router.post("/webhooks/github") { await endpoint.respond(to: $0) }
        var answers: [Int] = []
        while answers.last != 503, answers.count < 200 { answers.append(await router.respond(to: Self.delivery(answers.count)).status) }
        let stored = try await database.read { try $0.query("SELECT COUNT(*) AS n FROM deliveries").first?.integer("n") }
        #expect(stored == Int64(answers.count { $0 == 202 }))
        #expect(answers.last == 503)

        try await database.write { _ = try $0.execute("DELETE FROM deliveries") }
        #expect(await router.respond(to: Self.delivery(1000)).status == 202)
        #expect(
            lines.withLock { $0 } == ["deliveries cannot be stored and are refused with 503", "deliveries are stored again"])
        await database.close()
    }

    @Test func `a database that does not answer is not ready, and readiness says why`() async throws {
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations)
        let queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
        let worker = Worker(queue: queue, handlers: [], settings: WorkerSettings(owner: "test"), logger: .silent, redact: { $0 })
        var router = Router()
        HealthRoutes(
            configuration: try Self.configuration.get(), database: database, queue: queue, worker: worker, metrics: ServiceMetrics()
        )
        .add(to: &router)
        await database.close()
        let answer = await router.respond(to: HTTPRequest(method: .get, path: "/readyz"))
        #expect(answer.status == 503)
        #expect(String(decoding: answer.bytes, as: UTF8.self).contains("the database is closed"))
    }

    @Test func `a long outage is told once in five seconds, with how many were refused`() {
        let clock = ManualClock()
        let lines = Mutex<[(String, JSONValue?)]>([])
        let log = DoorLog(
            clock: clock, logger: Logger { entry in lines.withLock { $0.append((entry.message, entry.metadata["refused"])) } })
        for _ in 0..<12 {
            for _ in 0..<100 { log.note(.unavailable("full"), at: .github) }
            clock.advance(by: .seconds(1))
        }
        log.note(.accepted, at: .github)
        log.note(.accepted, at: .github)
        #expect(lines.withLock { $0.map(\.1) } == [.integer(1), .integer(501), .integer(1001), .integer(1200)])
    }

    @Test func `a refused delivery is a warning with reason and remedy, once a minute for each reason`() async throws {
        let clock = ManualClock()
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations)
        let queue = JobQueue(database: database, clock: clock, random: SeededRandom(seed: 1))
        let lines = Mutex<[Logger.Entry]>([])
        let log = DoorLog(clock: clock, logger: Logger { entry in lines.withLock { $0.append(entry) } })
        let endpoint = WebhookEndpoint(
            dialect: GitHubWebhookDialect(), secrets: [Secret("another")], host: "github", inbox: Inbox(queue: queue), clock: clock,
            counter: { log.note($0, at: .github) })
        for number in 0..<130 {
            _ = await endpoint.respond(to: Self.delivery(number, padding: 1))
            clock.advance(by: .seconds(1))
        }
        _ = await endpoint.respond(to: HTTPRequest(method: .post, path: "/webhooks/github"))
        let written = lines.withLock { $0 }
        #expect(written.map(\.level) == [.warning, .warning, .warning, .warning])
        #expect(written.map { $0.metadata["refused"] } == [.integer(1), .integer(61), .integer(121), .integer(1)])
        #expect(written.first?.metadata["reason"] == "signature does not match")
        #expect(written.last?.metadata["fix"] == "set the hook's secret to the one configured here")
        await database.close()
    }

    @Test func `metrics tell depth and age per lane, attempts, lost leases, repeats and dead letters`() async throws {
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(Configuration.migrations)
        let clock = ManualClock()
        let queue = JobQueue(database: database, clock: clock, random: SeededRandom(seed: 1))
        try await queue.enqueue(JobRequest(kind: "work", lane: .analysis, payload: .null))
        let delivery = Delivery(forge: "github", host: "h", hook: "1", deliveryID: "d", event: "push", body: [], receivedAt: clock.now)
        for _ in 0..<3 { _ = try await Inbox(queue: queue).accept(delivery) }
        clock.advance(by: .seconds(7))
        let text = try await ServiceMetrics().text(queue: queue, worker: WorkerCounters())
        for line in [
            #"fettle_lane_jobs{lane="analysis",state="ready"} 1"#, #"fettle_lane_oldest_seconds{lane="analysis"} 7"#,
            #"fettle_jobs{state="failed"} 0"#, #"fettle_queue{what="attempts"} 0"#, #"fettle_queue{what="lease_losses"} 0"#,
            #"fettle_queue{what="repeated_deliveries"} 2"#, #"fettle_worker{what="leases_lost"} 0"#, "fettle_jobs_open 2",
        ] { #expect(text.contains("\n" + line + "\n"), "\(line)") }
        await database.close()
    }

    private static func delivery(_ number: Int, padding size: Int = 20_000) -> HTTPRequest {
        let random = SeededRandom(seed: UInt64(number))
        // Nothing that takes less room on the disk than here.
        let padding = String(decoding: (0..<size).map { _ in UInt8(35 + random.below(57)) }, as: UTF8.self)
        let payload: JSONValue = ["zen": "Keep it simple.", "padding": .string(padding)]
        let delivery = SandboxDelivery.github(event: "ping", payload: payload, id: "d-\(number)", secret: Secret("s"))
        return HTTPRequest(method: .post, path: "/webhooks/github", headers: delivery.headers, body: delivery.body)
    }
}
