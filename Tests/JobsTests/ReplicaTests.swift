import Basics
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

/// Several processes' worth of workers on one server, on the real clock.
@Suite(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL server can be started here"))
struct ReplicaTests {
    private struct Replica {
        let database: PostgreSQLDatabase
        let queue: JobQueue
        let worker: Worker

        init(_ conninfo: String, _ number: Int, handler: ClosureHandler) {
            database = PostgreSQLDatabase(conninfo, connections: 3)
            queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
            let settings = WorkerSettings(
                owner: "replica \(number)", lanes: [.review: 4], lease: .seconds(30), heartbeat: .milliseconds(150),
                poll: .milliseconds(50))
            worker = Worker(queue: queue, handlers: [handler], settings: settings, logger: .silent, redact: { $0 })
        }
    }

    @Test func `three replicas run every job once and never two of one key at a time`() async throws {
        let conninfo = try await PostgreSQLServer.shared.get().freshSchema()
        struct Seen {
            var runs: [Int: Int] = [:]
            var busy: Set<String> = []
            var clashes = 0
        }
        let seen = Mutex(Seen())
        let handler = ClosureHandler { job in
            let key = job.job.concurrencyKey ?? ""
            seen.withLock { seen in
                seen.runs[job.payload.int ?? -1, default: 0] += 1
                if !key.isEmpty, !seen.busy.insert(key).inserted { seen.clashes += 1 }
            }
            for _ in 0..<20 { await Task.yield() }
            seen.withLock { _ = $0.busy.remove(key) }
            return .done
        }
        let replicas = (0..<3).map { Replica(conninfo, $0, handler: handler) }
        try await replicas[0].database.migrate(QueueSchema.migrations)
        let tasks = replicas.map { replica in Task { await replica.worker.run() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<150 {
                group.addTask {
                    let key = number % 3 == 0 ? "key \(number % 4)" : nil
                    try await replicas[number % 3].queue.enqueue(
                        JobRequest(kind: "work", payload: .integer(Int64(number)), concurrencyKey: key))
                }
            }
            try await group.waitForAll()
        }
        try await eventually { try await replicas[0].queue.jobs(in: [.succeeded], limit: 1000).count == 150 }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        for replica in replicas { await replica.database.close() }
        let final = seen.withLock { $0 }
        #expect(final.clashes == 0)
        #expect(final.runs == Dictionary(uniqueKeysWithValues: (0..<150).map { ($0, 1) }))
    }

    @Test func `the same delivery and the same unique key at two replicas at once are stored once`() async throws {
        let conninfo = try await PostgreSQLServer.shared.get().freshSchema()
        let replicas = (0..<2).map { Replica(conninfo, $0, handler: ClosureHandler { _ in .done }) }
        try await replicas[0].database.migrate(QueueSchema.migrations)
        let results = try await withThrowingTaskGroup(of: (Acceptance, EnqueueResult).self) { group in
            for number in 0..<12 {
                let replica = replicas[number % 2]
                group.addTask {
                    let delivery = Delivery(
                        forge: "github", host: "h", hook: "1", deliveryID: "same", event: "push", body: [1],
                        receivedAt: Timestamp(seconds: 1))
                    let acceptance = try await Inbox(queue: replica.queue).accept(delivery)
                    return (acceptance, try await replica.queue.enqueue(JobRequest(kind: "work", payload: .null, uniqueKey: "same")))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { if case .stored = $0.0 { true } else { false } } == 1)
        #expect(results.count { if case .queued = $0.1 { true } else { false } } == 1)
        for replica in replicas { await replica.database.close() }
    }
}
