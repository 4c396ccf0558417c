import Basics
import Jobs
import Storage
import TestSupport
import Testing

@Suite struct HousekeepingTests {
    private func housekeeper(_ fixture: QueueFixture, _ recurring: [RecurringJob]) -> Housekeeper {
        let sealer = AuditSealer(database: fixture.database, key: AuditKey([1]), logger: .silent)
        return Housekeeper(queue: fixture.queue, recurring: recurring, sealer: sealer, logger: .silent)
    }

    private func hourly(atStart: Bool = false) -> RecurringJob {
        RecurringJob(name: "h", every: .seconds(3600), runsAtStart: atStart, request: JobRequest(kind: "work", payload: .null))
    }

    @Test(arguments: QueueFixture.engines) func `of many processes one queues the recurring job`(_ engine: QueueFixture.Engine) async throws
    {
        let fixture = try await QueueFixture(engine: engine)
        let keeper = housekeeper(fixture, [hourly()])
        #expect(try await keeper.queueDue(atStart: false) == 1)
        fixture.clock.advance(by: .seconds(3600))
        let queued = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 { group.addTask { try await keeper.queueDue(atStart: false) } }
            return try await group.reduce(0, +)
        }
        #expect(queued == 1)
        fixture.clock.advance(by: .seconds(3599))
        #expect(try await keeper.queueDue(atStart: false) == 0)
        await fixture.database.close()
    }

    @Test func `some recurring jobs also run at every start`() async throws {
        let fixture = try await QueueFixture()
        let keeper = housekeeper(fixture, [hourly(atStart: true)])
        #expect(try await keeper.queueDue(atStart: true) == 1)
        #expect(try await keeper.queueDue(atStart: true) == 1)
        #expect(try await keeper.queueDue(atStart: false) == 0)
    }

    @Test func `a clock set back does not stop the rounds`() async throws {
        let fixture = try await QueueFixture()
        let keeper = housekeeper(fixture, [hourly()])
        _ = try await keeper.queueDue(atStart: false)
        let year = fixture.clock.now + .seconds(365 * 24 * 3600)
        try await fixture.database.write { _ = try $0.execute("UPDATE recurring_jobs SET next_at = ?", [.integer(year.microseconds)]) }
        #expect(try await keeper.queueDue(atStart: false) == 1)
    }

    @Test func `old rows are dropped, those that failed are kept`() async throws {
        let fixture = try await QueueFixture()
        for _ in 0..<3 { try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null)) }
        let ids = try await fixture.queue.jobs().map(\.id)
        let driver = QueueDriver(queue: fixture.queue)
        for id in try await driver.claim(upTo: 2) {
            let event = id == ids[0] || id == ids[1] ? JobEvent.fail(fence: 1, retryAt: nil) : .succeed(fence: 1)
            _ = try await driver.apply(event, to: id)
        }
        let before = try await fixture.queue.jobs(in: [.failed]).count
        fixture.clock.advance(by: .seconds(40 * 24 * 3600))
        _ = try await housekeeper(fixture, []).dropOld()
        #expect(try await fixture.queue.jobs(in: [.succeeded]).isEmpty)
        #expect(try await fixture.queue.jobs(in: [.failed]).count == before)
        #expect(before > 0)
    }

    @Test func `metrics count what is there`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null))
        try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null, runAt: fixture.clock.now + .seconds(100)))
        try await fixture.queue.enqueue(JobRequest(kind: "work", lane: .analysis, payload: .null))
        fixture.clock.advance(by: .seconds(7))
        _ = try await QueueDriver(queue: fixture.queue).claim(upTo: 5)
        let metrics = try await fixture.queue.metrics()
        #expect(metrics.lanes[.review] == QueueMetrics.LaneDepth(ready: 0, delayed: 1, running: 1))
        #expect(metrics.lanes[.analysis] == QueueMetrics.LaneDepth(ready: 1, delayed: 0, running: 0, oldestAge: .seconds(7)))
        #expect(metrics.byState == [.running: 1, .scheduled: 1, .available: 1])
    }
}
