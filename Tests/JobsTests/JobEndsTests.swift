import Basics
import Storage
import TestSupport
import Testing

@testable import Jobs

@Suite struct JobEndsTests {
    private struct Stage {
        let fixture: QueueFixture
        let database: GatedDatabase
        let queue: JobQueue
        let ends: JobEnds
        let jobs: [JobRecord]

        /// So many jobs, all running.
        init(_ engine: QueueFixture.Engine, jobs count: Int) async throws {
            fixture = try await QueueFixture(engine: engine)
            database = GatedDatabase(fixture.database)
            queue = JobQueue(database: database, clock: fixture.clock, random: fixture.random)
            ends = JobEnds(queue: queue)
            for number in 0..<count { try await queue.enqueue(JobRequest(kind: "work", payload: .integer(Int64(number)))) }
            jobs = try await queue.write { try $0.claim(lane: .review, kinds: ["work"], limit: count, owner: "test") }
        }

        func end(_ job: JobRecord, fence: Int64? = nil, next: [JobRequest] = []) -> JobEnds.End {
            let change = JobChange(event: .succeed(fence: fence ?? job.progress.fence), job: job.id, error: nil)
            return JobEnds.End(change: change, next: next, delivery: nil)
        }

        /// The first end is held at the gate until all others wait behind it.
        func store(_ all: [JobEnds.End]) async throws -> [Result<JobAction, any Error>] {
            database.holdWrites(true)
            return try await withThrowingTaskGroup(of: (Int, Result<JobAction, any Error>).self) { group in
                for (place, end) in all.enumerated() {
                    group.addTask {
                        do { return (place, .success(try await ends.store(end))) } catch { return (place, .failure(error)) }
                    }
                    try await eventually { place == 0 ? database.writes == 1 : ends.waitingCount == place }
                }
                database.holdWrites(false)
                return try await group.reduce(into: Array(repeating: .failure(DatabaseError.closed), count: all.count)) { $0[$1.0] = $1.1 }
            }
        }
    }

    @Test(arguments: QueueFixture.engines)
    func `what ends while an end is being stored is stored together`(_ engine: QueueFixture.Engine) async throws {
        let stage = try await Stage(engine, jobs: 30)
        let next = JobRequest(kind: "next", payload: .null)
        let results = try await stage.store(stage.jobs.map { stage.end($0, next: [next]) })
        #expect(try results.allSatisfy { try $0.get() == .end })
        #expect(stage.database.writes == 2)
        #expect(try await stage.queue.counts() == [.succeeded: 30, .available: 30])
        let entries = try await AuditLog(database: stage.database).entries(action: "job.succeeded")
        #expect(Set(entries.compactMap(\.entry.job)) == Set(stage.jobs.map(\.id)))
        await stage.database.close()
    }

    @Test(arguments: QueueFixture.engines)
    func `a zombie among them is refused by itself`(_ engine: QueueFixture.Engine) async throws {
        let stage = try await Stage(engine, jobs: 6)
        var ends = stage.jobs.map { stage.end($0) }
        ends[2] = stage.end(stage.jobs[2], fence: stage.jobs[2].progress.fence - 1, next: [JobRequest(kind: "never", payload: .null)])
        let results = try await stage.store(ends)
        for (place, result) in results.enumerated() { #expect(try result.get() == (place == 2 ? .refuse(.leaseLost) : .end)) }
        #expect(try await stage.queue.counts() == [.succeeded: 5, .running: 1])
        await stage.database.close()
    }

    @Test(arguments: QueueFixture.engines)
    func `one that cannot be stored holds up no other`(_ engine: QueueFixture.Engine) async throws {
        let stage = try await Stage(engine, jobs: 5)
        // A rule only this database has: one job of that kind.
        _ = try await stage.database.write { try $0.execute("CREATE UNIQUE INDEX one_bad ON jobs (kind) WHERE kind = 'bad'") }
        try await stage.queue.enqueue(JobRequest(kind: "bad", payload: .null))
        var ends = stage.jobs.map { stage.end($0) }
        ends[3] = stage.end(stage.jobs[3], next: [JobRequest(kind: "bad", payload: .null)])
        let results = try await stage.store(ends)
        for (place, result) in results.enumerated() where place != 3 { #expect(try result.get() == .end) }
        #expect(throws: DatabaseError.self) { try results[3].get() }
        #expect(try await stage.queue.counts()[.running] == 1)
        await stage.database.close()
    }

    @Test(arguments: QueueFixture.engines)
    func `jobs that need several of them hear of each`(_ engine: QueueFixture.Engine) async throws {
        let stage = try await Stage(engine, jobs: 4)
        let after = try await stage.queue.enqueue(JobRequest(kind: "after", payload: .null, needs: stage.jobs.map(\.id))).id
        _ = try await stage.store(stage.jobs.map { stage.end($0) })
        let progress = try #require(try await stage.queue.job(after)?.progress)
        #expect(progress.openNeeds == 0)
        #expect(progress.state.isWaiting)
        await stage.database.close()
    }
}
