import Basics
import Jobs
import Storage
import TestSupport
import Testing

/// A queue over a database in memory and a clock moved by hand.
struct QueueFixture {
    let clock = ManualClock()
    let random: SeededRandom
    let database: any Database
    let queue: JobQueue
    let inbox: Inbox

    enum Engine: Sendable {
        case sqlite, postgreSQL
    }

    static let engines: [Engine] = [.sqlite] + (PostgreSQLServer.isAvailable ? [.postgreSQL] : [])

    init(seed: UInt64 = 1, engine: Engine = .sqlite) async throws {
        random = SeededRandom(seed: seed)
        switch engine {
        case .sqlite: database = try SQLiteDatabase(.memory)
        case .postgreSQL: database = PostgreSQLDatabase(try await PostgreSQLServer.shared.get().freshSchema(), connections: 2)
        }
        try await database.migrate(QueueSchema.migrations)
        queue = JobQueue(database: database, clock: clock, random: random)
        inbox = Inbox(queue: queue)
    }

    func worker(_ handlers: [any JobHandler], lanes: [Lane: Int] = [.review: 4], owner: String = "test") -> Worker {
        Worker(
            queue: queue, handlers: handlers, settings: WorkerSettings(owner: owner, lanes: lanes), logger: .silent, redact: { $0 })
    }

    func state(_ id: JobID) async throws -> JobState? { try await queue.job(id)?.progress.state }

    func delivery(_ id: String, event: String = "push", body: [UInt8] = [123, 125]) -> Delivery {
        Delivery(forge: "github", host: "github.com", hook: "1", deliveryID: id, event: event, body: body, receivedAt: clock.now)
    }

    /// Moves the clock second by second until `condition` holds; gives up after `limit` of the clock's time.
    func advance(upTo limit: Duration, until condition: () async throws -> Bool) async throws {
        let end = clock.uptime + limit
        while clock.uptime < end {
            if try await settled(condition) { return }
            clock.advance(by: .seconds(1))
        }
        #expect(try await settled(condition), "not within \(limit)")
    }

    /// Whether `condition` holds once everything that can run now has had its turns.
    private func settled(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<20 {
            if try await condition() { return true }
            for _ in 0..<20 { await Task.yield() }
        }
        return false
    }
}

/// Waits, on the real clock's patience of ten seconds, for something that other threads bring about.
func eventually(_ condition: () async throws -> Bool) async throws {
    let end = SystemClock().uptime + .seconds(10)
    while SystemClock().uptime < end {
        if try await condition() { return }
        await Task.yield()
    }
    #expect(try await condition(), "not within ten seconds")
}

/// A handler made of a closure.
struct ClosureHandler: JobHandler {
    let kind: String
    let body: @Sendable (JobContext) async throws -> JobOutcome

    init(_ kind: String = "work", _ body: @escaping @Sendable (JobContext) async throws -> JobOutcome) {
        self.kind = kind
        self.body = body
    }

    func run(_ job: JobContext) async throws -> JobOutcome { try await body(job) }
}
