import Basics
import Jobs
import Storage
import TestSupport
import Testing

@Suite struct InboxTests {
    private func request(_ key: String, head: String) -> JobRequest {
        JobRequest(
            kind: "work", payload: .object(["head": .string(head)]), uniqueKey: "\(key)@\(head)", concurrencyKey: key, supersedesOlder: true
        )
    }

    @Test func `a repeated delivery is acknowledged and handled once`() async throws {
        let fixture = try await QueueFixture()
        let first = try await fixture.inbox.accept(fixture.delivery("a"))
        let second = try await fixture.inbox.accept(fixture.delivery("a"))
        #expect(first == .stored)
        #expect(second == .repeated(1))
        let pending = try await fixture.inbox.pending()
        #expect(pending.map(\.delivery) == [fixture.delivery("a")])
        #expect(try await fixture.inbox.settle(pending[0], .handled(jobs: [request("pr-1", head: "h")], because: "a test")))
        #expect(try await !fixture.inbox.settle(pending[0], .handled(jobs: [request("pr-1", head: "i")], because: "a test")))
        #expect(try await fixture.inbox.accept(fixture.delivery("a")) == .repeated(1))
        #expect(try await fixture.inbox.pending().isEmpty)
        #expect(try await fixture.queue.jobs().count == 1)
        #expect(try await fixture.inbox.counts() == InboxCounts(byState: [.handled: 1], repeats: 2))
    }

    @Test func `the same id on another hook, host or forge is another delivery`() async throws {
        let fixture = try await QueueFixture()
        _ = try await fixture.inbox.accept(fixture.delivery("a"))
        let other = Delivery(
            forge: "github", host: "github.com", hook: "2", deliveryID: "a", event: "push", body: [], receivedAt: fixture.clock.now)
        #expect(try await fixture.inbox.accept(other) == .stored)
    }

    @Test func `handled and the jobs commit together or not at all`() async throws {
        let fixture = try await QueueFixture()
        _ = try await fixture.inbox.accept(fixture.delivery("a"))
        let pending = try await fixture.inbox.pending()
        try await fixture.database.write { try $0.execute("DROP TABLE job_needs") }
        let needy = JobRequest(kind: "work", payload: .null, needs: [JobID(rawValue: "nobody")])
        await #expect(throws: DatabaseError.self) {
            try await fixture.inbox.settle(pending[0], .handled(jobs: [request("pr-1", head: "h"), needy], because: "a test"))
        }
        #expect(try await fixture.inbox.pending().count == 1)
        #expect(try await fixture.queue.jobs().isEmpty)
    }

    @Test func `a malformed delivery keeps its reason, and a redelivery is looked at again`() async throws {
        let fixture = try await QueueFixture()
        _ = try await fixture.inbox.accept(fixture.delivery("a", body: [1]))
        let pending = try await fixture.inbox.pending()
        try await fixture.inbox.settle(pending[0], .malformed(reason: "not JSON"))
        #expect(try await fixture.inbox.counts().byState == [.malformed: 1])
        #expect(try await fixture.inbox.accept(fixture.delivery("a", body: [123, 125])) == .runsAgain(1))
        #expect(try await fixture.inbox.pending().map(\.delivery.body) == [[123, 125]])
    }

    @Test func `a redelivery of what failed runs again`() async throws {
        let fixture = try await QueueFixture()
        _ = try await fixture.inbox.accept(fixture.delivery("a"))
        let pending = try await fixture.inbox.pending()
        try await fixture.inbox.settle(pending[0], .handled(jobs: [request("pr-1", head: "h")], because: "a test"))
        let id = try #require(try await fixture.queue.jobs().first?.id)
        let worker = fixture.worker([ClosureHandler { _ in throw JobFailure(reason: "no", retry: .never) }])
        let running = Task { await worker.run() }
        try await eventually { try await fixture.state(id) == .failed }
        await worker.stop(grace: .zero)
        await running.value
        #expect(try await fixture.queue.job(id)?.lastError == "no")
        #expect(try await fixture.inbox.accept(fixture.delivery("a")) == .runsAgain(1))
        #expect(try await fixture.state(id) == .available)
    }

    @Test func `deliveries become jobs, one bad one holding up nobody`() async throws {
        let fixture = try await QueueFixture()
        for name in ["a", "bad", "c"] { _ = try await fixture.inbox.accept(fixture.delivery(name)) }
        let worker = DeliveryWorker(inbox: fixture.inbox, queue: fixture.queue, logger: .silent) { delivery in
            delivery.deliveryID == "bad"
                ? .malformed(reason: "bad") : .handled(jobs: [self.request(delivery.deliveryID, head: "h")], because: "a test")
        }
        #expect(await worker.settlePending() == 3)
        #expect(try await fixture.inbox.counts().byState == [.handled: 2, .malformed: 1])
        #expect(try await fixture.queue.jobs().count == 2)
    }

    @Test func `bodies are dropped and ids stay`() async throws {
        let fixture = try await QueueFixture()
        _ = try await fixture.inbox.accept(fixture.delivery("a"))
        let pending = try await fixture.inbox.pending()
        try await fixture.inbox.settle(pending[0], .ignored(reason: "ours"))
        #expect(try await fixture.inbox.dropBodies(settledBefore: fixture.clock.now + .seconds(1)) == 1)
        #expect(try await fixture.inbox.accept(fixture.delivery("a")) == .repeated(1))
    }
}
