import Basics
import Forge
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct WorkerTests {
    private func request(_ number: Int = 1, key: String? = nil, maxAttempts: Int = 3) -> JobRequest {
        JobRequest(kind: "work", payload: .integer(Int64(number)), concurrencyKey: key, maxAttempts: maxAttempts)
    }

    /// Runs a worker while `body` runs, then stops it in good order.
    private func withWorker(_ worker: Worker, _ body: () async throws -> Void) async throws {
        let task = Task { await worker.run() }
        do {
            try await body()
        } catch {
            task.cancel()
            await task.value
            throw error
        }
        task.cancel()
        await task.value
    }

    @Test func `queued jobs run, each once`() async throws {
        let fixture = try await QueueFixture()
        let seen = Mutex<[Int: Int]>([:])
        for number in 0..<50 { try await fixture.queue.enqueue(request(number)) }
        let worker = fixture.worker([
            ClosureHandler { job in
                seen.withLock { $0[job.payload.int ?? -1, default: 0] += 1 }
                return .done
            }
        ])
        try await withWorker(worker) {
            try await eventually { try await fixture.queue.jobs(in: [.succeeded]).count == 50 }
        }
        #expect(seen.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, 1) }))
    }

    @Test func `a failing job is tried again after a wait, then kept with its last error`() async throws {
        let fixture = try await QueueFixture()
        let runs = Mutex(0)
        let id = try await fixture.queue.enqueue(request()).id
        let worker = fixture.worker([
            ClosureHandler { _ in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                throw JobFailure(reason: "run \(run)", retry: .afterBackoff)
            }
        ])
        try await withWorker(worker) {
            try await fixture.advance(upTo: .seconds(60)) { try await fixture.state(id) == .failed }
        }
        #expect(runs.withLock { $0 } == 3)
        #expect(try await fixture.queue.job(id)?.lastError == "run 3")
        #expect(fixture.clock.uptime >= .seconds(2))
    }

    @Test func `each failure is a warning in the log and the last an error, with job, kind and redacted reason`() async throws {
        let fixture = try await QueueFixture()
        let lines = Mutex<[Logger.Entry]>([])
        let logger = Logger { entry in lines.withLock { $0.append(entry) } }
        let id = try await fixture.queue.enqueue(request(maxAttempts: 2)).id
        let worker = Worker(
            queue: fixture.queue,
            handlers: [ClosureHandler { _ in throw JobFailure(reason: "token hunter2 refused", retry: .afterBackoff) }],
            settings: WorkerSettings(owner: "test", lanes: [.review: 1]), logger: logger,
            redact: { $0.replacing("hunter2", with: "[redacted]") })
        try await withWorker(worker) {
            try await fixture.advance(upTo: .seconds(60)) { try await fixture.state(id) == .failed }
        }
        let failures = lines.withLock { $0 }.filter { $0.metadata["job.id"]?.string == id.rawValue }
        #expect(failures.map(\.level) == [.warning, .error])
        #expect(failures.map(\.message) == ["a job failed and will be tried again", "a job failed for good"])
        #expect(failures.allSatisfy { $0.metadata["job.kind"] == "work" })
        #expect(failures.allSatisfy { $0.metadata["error"]?.string?.contains("token [redacted] refused") == true })
    }

    @Test func `a rate limit is waited out`() async throws {
        let fixture = try await QueueFixture()
        let runs = Mutex<[Duration]>([])
        let id = try await fixture.queue.enqueue(request()).id
        let worker = fixture.worker([
            ClosureHandler { job in
                let count = runs.withLock { runs in
                    runs.append(job.clock.uptime)
                    return runs.count
                }
                if count == 1 { throw ForgeError.rateLimited(retryAfter: .seconds(40)) }
                return .done
            }
        ])
        try await withWorker(worker) {
            try await fixture.advance(upTo: .seconds(90)) { try await fixture.state(id) == .succeeded }
        }
        let times = runs.withLock { $0 }
        #expect(times.count == 2)
        #expect(times.last ?? .zero >= .seconds(40))
    }

    @Test func `one job of a concurrency key runs at a time`() async throws {
        let fixture = try await QueueFixture()
        let inside = Mutex((now: 0, most: 0))
        for number in 0..<12 { try await fixture.queue.enqueue(request(number, key: number % 2 == 0 ? "even" : "odd")) }
        let worker = fixture.worker([
            ClosureHandler { _ in
                inside.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                for _ in 0..<50 { await Task.yield() }
                inside.withLock { $0.now -= 1 }
                return .done
            }
        ])
        try await withWorker(worker) {
            try await eventually { try await fixture.queue.jobs(in: [.succeeded]).count == 12 }
        }
        #expect(inside.withLock { $0.most } <= 2)
    }

    @Test func `a newer head stops the older job, whose writes are refused from then on`() async throws {
        let fixture = try await QueueFixture()
        let outcome = Mutex<[String]>([])
        let handler = ClosureHandler { job in
            guard job.payload.string == "old" else { return .done }
            do {
                try await job.clock.sleep(for: .seconds(3600))
                return .done
            } catch {
                let late = await Result { try await job.write { try $0.execute("DELETE FROM spend") } }
                outcome.withLock { $0.append("\(late)") }
                throw error
            }
        }
        func push(_ head: String) async throws -> JobID {
            let request = JobRequest(
                kind: "work", payload: .string(head), uniqueKey: "pr-1@\(head)", concurrencyKey: "pr-1", supersedesOlder: true)
            return try await fixture.queue.enqueue(request).id
        }
        try await withWorker(fixture.worker([handler])) {
            let old = try await push("old")
            try await eventually { try await fixture.state(old) == .running }
            let new = try await push("new")
            try await eventually { try await fixture.state(new) == .succeeded }
            #expect(try await fixture.state(old) == .superseded)
            try await eventually { outcome.withLock { !$0.isEmpty } }
        }
        #expect(outcome.withLock { $0.first?.contains("leaseLost") } == true)
    }

    @Test func `a job with the same unique key is queued once while it is open`() async throws {
        let fixture = try await QueueFixture()
        let request = JobRequest(kind: "work", payload: .null, uniqueKey: "k")
        let first = try await fixture.queue.enqueue(request)
        #expect(try await fixture.queue.enqueue(request) == .alreadyQueued(first.id))
        try await withWorker(fixture.worker([ClosureHandler { _ in .done }])) {
            try await eventually { try await fixture.state(first.id) == .succeeded }
        }
        var forever = request
        forever.uniqueness = .forever
        #expect(try await fixture.queue.enqueue(forever) == .alreadyQueued(first.id))
        guard case .queued = try await fixture.queue.enqueue(request) else {
            Issue.record("a finished job keeps its key")
            return
        }
    }

    @Test func `a delayed job runs at its time and not before`() async throws {
        let fixture = try await QueueFixture()
        var delayed = request()
        delayed.runAt = fixture.clock.now + .seconds(30)
        let id = try await fixture.queue.enqueue(delayed).id
        let ranAt = Mutex<Duration?>(nil)
        let handler = ClosureHandler { job in
            ranAt.withLock { $0 = job.clock.uptime }
            return .done
        }
        try await withWorker(fixture.worker([handler])) {
            try await fixture.advance(upTo: .seconds(60)) { try await fixture.state(id) == .succeeded }
        }
        #expect(ranAt.withLock { $0 } ?? .zero >= .seconds(30))
    }

    @Test func `a job runs after those it needs, and is cancelled when one fails`() async throws {
        let fixture = try await QueueFixture()
        let order = Mutex<[String]>([])
        let handler = ClosureHandler { job in
            order.withLock { $0.append(job.payload.string ?? "") }
            if job.payload.string == "bad" { throw JobFailure(reason: "bad", retry: .never) }
            return .done
        }
        func add(_ name: String, needs: [JobID] = [], policy: FailedNeedPolicy = .cancel) async throws -> JobID {
            try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .string(name), needs: needs, ifNeedFails: policy)).id
        }
        let good = try await add("good")
        let bad = try await add("bad")
        let afterGood = try await add("after good", needs: [good])
        let afterBoth = try await add("after both", needs: [good, bad])
        let anyway = try await add("anyway", needs: [bad], policy: .release)
        let last = try await add("last", needs: [afterBoth])
        try await withWorker(fixture.worker([handler])) {
            try await eventually { try await fixture.queue.jobs().allSatisfy(\.progress.state.isEnded) }
        }
        #expect(try await fixture.state(afterGood) == .succeeded)
        #expect(try await fixture.state(afterBoth) == .cancelled)
        #expect(try await fixture.state(anyway) == .succeeded)
        #expect(try await fixture.state(last) == .cancelled)
        #expect(order.withLock { !$0.contains("after both") && !$0.contains("last") })
    }

    @Test func `work of a full lane holds up no other lane`() async throws {
        let fixture = try await QueueFixture()
        let handler = ClosureHandler { job in
            if job.job.lane == .analysis { try await job.clock.sleep(for: .seconds(3600)) }
            return .done
        }
        for _ in 0..<10 { try await fixture.queue.enqueue(JobRequest(kind: "work", lane: .analysis, payload: .null)) }
        try await withWorker(fixture.worker([handler], lanes: [.review: 1, .analysis: 2])) {
            try await eventually { try await fixture.queue.jobs(in: [.running]).count == 2 }
            let id = try await fixture.queue.enqueue(request()).id
            try await eventually { try await fixture.state(id) == .succeeded }
        }
    }

    @Test func `a stopping worker gives its jobs back without counting an attempt`() async throws {
        let fixture = try await QueueFixture()
        let id = try await fixture.queue.enqueue(request()).id
        let worker = fixture.worker([
            ClosureHandler { job in
                try await job.clock.sleep(for: .seconds(3600))
                return .done
            }
        ])
        let task = Task { await worker.run() }
        try await eventually { try await fixture.state(id) == .running }
        await worker.stop(grace: .zero)
        await task.value
        let progress = try #require(try await fixture.queue.job(id)?.progress)
        #expect(progress.state == .available)
        #expect(progress.attempt == 0)
    }

    @Test(arguments: 1...20) func `a worker stopped at any moment leaves no job running`(yields: Int) async throws {
        let fixture = try await QueueFixture()
        let worker = fixture.worker([
            ClosureHandler { job in
                try await job.clock.sleep(for: .seconds(3600))
                return .done
            }
        ])
        let task = Task { await worker.run() }
        for number in 0..<4 { try await fixture.queue.enqueue(request(number)) }
        for _ in 0..<yields * 3 { await Task.yield() }
        await worker.stop(grace: .zero)
        await task.value
        #expect(try await fixture.queue.jobs(in: [.available]).count == 4)
    }

    @Test func `after a restart the jobs of the dead process are free at once`() async throws {
        let fixture = try await QueueFixture()
        let id = try await fixture.queue.enqueue(request()).id
        try await fixture.database.write { try $0.execute("UPDATE jobs SET state = 'running', fence = 4, attempt = 1, owner = 'dead'") }
        #expect(try await fixture.queue.freeJobsOfDeadProcesses() == 1)
        try await withWorker(fixture.worker([ClosureHandler { _ in .done }])) {
            try await eventually { try await fixture.state(id) == .succeeded }
        }
        let progress = try #require(try await fixture.queue.job(id)?.progress)
        #expect(progress.losses == 1)
        #expect(progress.fence == 5)
    }

    @Test func `a silent worker's job runs again within 30 seconds, and the zombie can change nothing`() async throws {
        let fixture = try await QueueFixture()
        let id = try await fixture.queue.enqueue(request()).id
        // A worker that claimed and was never heard of again.
        try await fixture.database.write { try $0.execute("UPDATE jobs SET state = 'running', fence = 4, attempt = 1, owner = 'zombie'") }
        let zombie = JobContext(
            job: try #require(try await fixture.queue.job(id)),
            lease: Lease(LeaseKey(id: id, fence: 4), length: nil, begun: .zero, clock: fixture.clock), queue: fixture.queue)
        try await zombie.audit("before", subject: "s")
        try await withWorker(fixture.worker([ClosureHandler { _ in .done }])) {
            try await fixture.advance(upTo: .seconds(30)) { try await fixture.state(id) == .succeeded }
        }
        #expect(fixture.clock.uptime >= .seconds(15))
        await #expect(throws: JobAction.Refusal.leaseLost) { try await zombie.audit("after", subject: "s") }
        await #expect(throws: JobAction.Refusal.leaseLost) {
            try await zombie.effects.perform(Effect(stableKey: "e", kind: "comment", content: "c"), probe: { nil }, send: { _ in "1" })
        }
    }

    @Test func `a living worker keeps its job through a long run`() async throws {
        let fixture = try await QueueFixture()
        let id = try await fixture.queue.enqueue(request()).id
        let handler = ClosureHandler { job in
            try await job.clock.sleep(for: .seconds(100))
            try await job.audit("still here", subject: "s")
            return .done
        }
        let other = fixture.worker([handler], owner: "other")
        let watching = Task { await other.run() }
        try await withWorker(fixture.worker([handler])) {
            try await fixture.advance(upTo: .seconds(130)) { try await fixture.state(id) == .succeeded }
        }
        watching.cancel()
        await watching.value
        let progress = try #require(try await fixture.queue.job(id)?.progress)
        #expect(progress.losses == 0)
        #expect(progress.attempt == 1)
    }

    @Test func `a cancelled job stops, and can be run again by hand`() async throws {
        let fixture = try await QueueFixture()
        let runs = Mutex(0)
        let handler = ClosureHandler { job in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            if run == 1 { try await job.clock.sleep(for: .seconds(3600)) }
            return .done
        }
        try await withWorker(fixture.worker([handler])) {
            let id = try await fixture.queue.enqueue(request()).id
            try await eventually { try await fixture.state(id) == .running }
            #expect(try await fixture.queue.cancel(id, reason: "by hand") == .end)
            #expect(try await fixture.queue.runAgain(id) == .wait)
            try await eventually { try await fixture.state(id) == .succeeded }
        }
    }

    @Test func `follow-up jobs are queued with the end of the first`() async throws {
        let fixture = try await QueueFixture()
        let first = ClosureHandler("first") { _ in .done(next: [JobRequest(kind: "second", payload: .null)]) }
        try await fixture.queue.enqueue(JobRequest(kind: "first", payload: .null))
        try await withWorker(fixture.worker([first, ClosureHandler("second") { _ in .done }])) {
            try await eventually { try await fixture.queue.jobs(in: [.succeeded]).map(\.kind).sorted() == ["first", "second"] }
        }
    }

    @Test func `a job of a kind this version does not know is left for one that does`() async throws {
        let fixture = try await QueueFixture()
        let strange = try await fixture.queue.enqueue(JobRequest(kind: "from the future", payload: .null)).id
        let known = try await fixture.queue.enqueue(request()).id
        try await withWorker(fixture.worker([ClosureHandler { _ in .done }])) {
            try await eventually { try await fixture.state(known) == .succeeded }
        }
        #expect(try await fixture.state(strange) == .available)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
