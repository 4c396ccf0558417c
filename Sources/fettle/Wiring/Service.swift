import Basics
import Dashboard
import Forge
import HTTP
import Jobs
import Kubernetes
import Policy
import Review
import Storage
import Synchronization
import Webhooks

/// Everything a running server owns, built once from the configuration.
struct Service: Sendable {
    let configuration: Configuration
    let database: any Database
    let queue: JobQueue
    let inbox: Inbox
    let worker: Worker
    let metrics = ServiceMetrics()
    private let deliveries: DeliveryWorker
    private let reports: ReportFailureEndpoint
    private let housekeeper: Housekeeper
    private let auditKey: AuditKey?
    private let doorLog: DoorLog
    private let setup: GitHubSetup?
    private let clock: any Clock
    private let logger: Logger

    /// - Parameter settingsFile: the operator's `fettle.yml`, beside which the credentials of a new App are written; `nil` offers none.
    init(
        _ configuration: Configuration, http: any HTTPClient, clock: any Clock, random: any RandomSource, logger: Logger,
        crashPoints: CrashPoints = .none, settingsFile: String? = nil
    ) async throws {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        doorLog = DoorLog(clock: clock, logger: logger)
        setup = settingsFile.flatMap {
            GitHubSetup(configuration, settingsFile: $0, http: http, clock: clock, logger: logger)
        }
        let forges = try configuration.forges(http: http, clock: clock, random: random, logger: logger)
        let cluster = try configuration.cluster(http: http, clock: clock, random: random, logger: logger)
        database = try await configuration.openDatabase()
        queue = JobQueue(database: database, clock: clock, random: random)
        inbox = Inbox(queue: queue, crashPoints: crashPoints)
        let redactor = Redactor(secrets: configuration.secrets + (cluster?.access.secrets ?? []))
        let marker = try await EffectMarker.load(from: database, override: configuration.markerKey)
        let model = configuration.languageModel(for: .failures, http: http, clock: clock, random: random)
        let models = configuration.reviewModels(http: http, clock: clock, random: random)
        let world = configuration.previewWorld(forges: forges, cluster: cluster, clock: clock, redactor: redactor, marker: marker)
        let tools = CommandTools(
            models: models, settings: configuration.reviewSettings, redactor: redactor, previews: world != nil,
            mayPropose: configuration.proposals != .off)
        let explainer = model.map { FailureExplainer(model: $0, redactor: redactor) }
        let desk = IncidentDesk(
            forges: forges, settings: configuration.failures, redactor: redactor, marker: marker,
            sinks: configuration.noticeSinks(http: http, clock: clock))
        var handlers: [any JobHandler] = [
            ReviewPullRequest(
                forges: forges, models: models, settings: configuration.reviewSettings, redactor: redactor, marker: marker,
                keeping: configuration.reviewKeeping),
            AnswerComment(forges: forges, tools: tools, marker: marker),
            KeepTests(forges: forges, redactor: redactor, marker: marker),
            ResolveThread(forges: forges, redactor: redactor, marker: marker),
            ReportMergeGroup(forges: forges, redactor: redactor, marker: marker),
            ReportDrift(forges: forges, redactor: redactor, marker: marker),
            RedeliverySweep(forges: forges.deliveryLogs, logger: logger),
            ExplainFailedRun(
                forges: forges, desk: desk, settings: configuration.failures, redactor: redactor,
                explainer: explainer),
        ]
        if configuration.proposals == .installation { handlers.append(ProposeSetup(forges: forges, redactor: redactor, marker: marker)) }
        if let world { handlers += [KeepPreview(world), PreviewSweep(world)] }
        if let cluster { handlers.append(configuration.reportFailure(in: cluster, desk: desk, redactor: redactor, explainer: explainer)) }
        let owner = "fettle-\(random.identifier(at: clock.now))"
        worker = Worker(
            queue: queue, handlers: handlers,
            settings: WorkerSettings(owner: owner, lease: configuration.lease, heartbeat: configuration.lease / 3), logger: logger,
            redact: { redactor.redact($0).text },
            crashPoints: crashPoints)
        auditKey = try AuditKeyFile.key(for: configuration, mayCreate: true)
        let sealer = AuditSealer(database: database, key: auditKey, logger: logger)
        var recurring = forges.deliveryLogs.isEmpty ? [] : [RedeliverySweep.recurring]
        if world != nil { recurring.append(PreviewSweep.recurring) }
        housekeeper = Housekeeper(queue: queue, recurring: recurring, sealer: sealer, logger: logger)
        reports = try configuration.reportEndpoint(cluster, queue: queue, clock: clock)
        let decider = DeliveryDecider(
            dialects: configuration.doors.map(\.dialect), previews: world != nil,
            proposesSetup: configuration.proposals == .installation)
        deliveries = DeliveryWorker(inbox: inbox, queue: queue, logger: logger) { decider.decide($0) }
    }

    /// Serves, takes deliveries and runs jobs until `stopping` yields, then finishes what it can within `grace`.
    ///
    /// - Parameter started: called with the bound address once requests are answered.
    func run(until stopping: AsyncStream<Int32>, grace: Duration, started: @escaping @Sendable (ListenAddress) async -> Void) async throws {
        let (metrics, logger) = (metrics, logger)
        let server = try HTTPServer.start(on: configuration.listen, handler: router(), clock: clock) { record in
            metrics.server.count(record)
            // An answer that went well is normal flow; of what did not, the door's own line says more.
            if record.isGood { logger.debug("request", record.metadata) } else { logger.info("request", record.metadata) }
        }
        try await work(grace: grace) {
            await started(server.address)
            if setup != nil {
                let page = "http://127.0.0.1:\(server.address.port)\(GitHubSetup.path)"
                logger.info("no GitHub App is configured; one can be registered from this machine", ["setup.page": .string(page)])
            }
            for await signal in stopping {
                logger.info("stopping", ["signal": .integer(Int64(signal))])
                break
            }
            await server.stop(within: grace)
        }
    }

    /// The same without a socket: `body` asks the router itself.
    func runWithoutServer<Result: Sendable>(_ body: @escaping @Sendable (Router) async throws -> Result) async throws -> Result {
        let router = router()
        return try await work(grace: .zero) { try await body(router) }
    }

    /// Runs workers beside `body`; when it ends they stop within `grace`, and the database is closed.
    private func work<Result: Sendable>(grace: Duration, _ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let freed = try await queue.freeJobsOfDeadProcesses()
        if freed > 0 { logger.info("jobs of an earlier process run again", ["jobs": .integer(Int64(freed))]) }
        let outcome = await withTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            group.addTask { await deliveries.run() }
            group.addTask { await housekeeper.run() }
            let outcome = await Swift.Result<Result, any Error>.catching(body)
            await worker.stop(grace: grace)
            group.cancelAll()
            return outcome
        }
        await database.close()
        return try outcome.get()
    }

    /// All routes. An unconfigured forge has none.
    func router() -> Router {
        var router = Router()
        for door in configuration.doors { router.post(door.path, isBrief: true, answer: answer(at: door)) }
        router.post("/report-failure", bodyLimit: .kibibytes(64)) { [reports] in await reports.respond(to: $0) }
        if let token = configuration.testsToken { TestsEndpoint(token: token, queue: queue).add(to: &router) }
        HealthRoutes(configuration: configuration, database: database, queue: queue, worker: worker, metrics: metrics).add(to: &router)
        if database.isExclusive, let auditKey {
            JobCommandRoutes(queue: queue, token: auditKey.token(for: JobCommandRoutes.purpose)).add(to: &router)
        }
        let site = DashboardSite(reader: DashboardReader(queue: queue), clock: clock)
        for pattern in DashboardSite.patterns { router.get(pattern) { await site.respond(to: $0) } }
        setup?.add(to: &router)
        return router
    }

    private func answer(at door: ForgeDoor) -> Router.Answer {
        let (metrics, doorLog) = (metrics, doorLog)
        let endpoint = WebhookEndpoint(dialect: door.dialect, secrets: door.secrets, host: door.host, inbox: inbox, clock: clock) {
            metrics.count($0, forge: door.dialect.forge.rawValue)
            doorLog.note($0, at: door.dialect.forge)
        }
        return { await endpoint.respond(to: $0) }
    }
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
