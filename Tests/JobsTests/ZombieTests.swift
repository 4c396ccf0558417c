import Basics
import Storage
import TestSupport
import Testing

@testable import Jobs

/// Everything a worker may write of a job it lost: to another worker, by a cancellation, or because the job is over.
@Suite struct ZombieTests {
    enum Loss: CaseIterable, Sendable {
        case takenByAnother, cancelled, superseded, ended, givenBack
    }

    /// A job this worker started and lost since, the lease still believed.
    private func zombie(_ fixture: QueueFixture, _ loss: Loss) async throws -> JobContext {
        let id = try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null, concurrencyKey: "pr")).id
        let jobs = try await fixture.queue.write { try $0.claim(lane: .review, kinds: ["work"], limit: 1, owner: "zombie") }
        let job = try #require(jobs.first)
        let fence = job.progress.fence
        try await fixture.queue.write { store in
            switch loss {
            case .takenByAnother:
                try store.apply(.loseWorker(fence: fence, retryAt: store.now), to: id)
                #expect(try store.claim(lane: .review, kinds: ["work"], limit: 1, owner: "living").count == 1)
            case .cancelled: try store.apply(.cancel, to: id)
            case .superseded: try store.apply(.supersede, to: id)
            case .ended: try store.apply(.succeed(fence: fence), to: id)
            case .givenBack: try store.apply(.release(fence: fence), to: id)
            }
        }
        let lease = Lease(LeaseKey(id: id, fence: fence), length: nil, begun: .zero, clock: fixture.clock)
        return JobContext(job: job, lease: lease, queue: fixture.queue)
    }

    @Test(arguments: QueueFixture.engines, Loss.allCases)
    func `whatever a zombie writes is refused and leaves nothing behind`(_ engine: QueueFixture.Engine, _ loss: Loss) async throws {
        let fixture = try await QueueFixture(engine: engine)
        let zombie = try await zombie(fixture, loss)
        let (id, fence, queue) = (zombie.job.id, zombie.lease.key.fence, fixture.queue)
        let before = try await queue.job(id)
        let audit = try await AuditLog(database: fixture.database).entries().count

        for event in [
            JobEvent.heartbeat(fence: fence), .succeed(fence: fence), .fail(fence: fence, retryAt: nil),
            .postpone(fence: fence, until: fixture.clock.now), .release(fence: fence),
            .loseWorker(fence: fence, retryAt: fixture.clock.now),
        ] {
            #expect(try await queue.write { try $0.apply(event, to: id) } == .refuse(.leaseLost), "\(event)")
            let end = JobEnds.End(
                change: JobChange(event: event, job: id, error: "late"), next: [JobRequest(kind: "never", payload: .null)], delivery: nil)
            #expect(try await JobEnds(queue: queue).store(end) == .refuse(.leaseLost), "\(event)")
        }
        #expect(try await queue.write { try $0.beat([zombie.lease.key]) } == [zombie.lease.key])
        let sighting = LeaseSighting(lease: zombie.lease.key, beat: 0)
        #expect(try await queue.write { try $0.free(sighting, retryAt: $0.now) } == false)

        let effect = Effect(stableKey: "late", kind: "comment", content: "c")
        await #expect(throws: JobAction.Refusal.leaseLost) {
            try await zombie.write { try $0.execute("UPDATE jobs SET priority = 99") }
        }
        await #expect(throws: JobAction.Refusal.leaseLost) { try await zombie.audit("late", subject: "s") }
        await #expect(throws: JobAction.Refusal.leaseLost) {
            try await zombie.effects.perform(effect, probe: { nil }, send: { _ in "sent" })
        }
        await #expect(throws: JobAction.Refusal.leaseLost) { _ = try await zombie.effects.settle("late", probe: { "there" }) }
        await #expect(throws: JobAction.Refusal.leaseLost) {
            try await queue.database.write { try zombie.effects.intend(effect, in: $0) }
        }
        #expect(try await queue.job(id) == before)
        #expect(try await queue.counts().values.reduce(0, +) == 1)
        #expect(try await AuditLog(database: fixture.database).entries().count == audit)
        #expect(try await fixture.database.read { try $0.query("SELECT * FROM effects") }.isEmpty)
        await fixture.database.close()
    }
}
