import Basics
import Glibc
import Jobs
import Storage

/// No-op jobs through the real queue: enqueued, claimed, run, each end on disk with its audit row; `Benchmarks/queue/run` prints the table.
///
///     queue-bench DATABASE JOBS   DATABASE: a file for SQLite, or postgres://…; prints jobs per second, queued and run
@main
struct QueueBench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 2, let count = Int(arguments[1]), count > 0 else {
            StandardStreams.writeError("usage: queue-bench DATABASE JOBS\n")
            exit(2)
        }
        let database: any Database =
            arguments[0].hasPrefix("postgres") ? PostgreSQLDatabase(arguments[0]) : try SQLiteDatabase(.file(path: arguments[0]))
        try await database.migrate(QueueSchema.migrations)
        let queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
        let start = SystemClock().uptime
        try await fill(queue, count)
        let filled = SystemClock().uptime
        try await drain(queue, count)
        let queued = Double(count) / (filled - start).inSeconds
        let run = Double(count) / (SystemClock().uptime - filled).inSeconds
        await database.close()
        StandardStreams.writeOutput("\(Int(queued)) \(Int(run))\n")
    }

    /// In transactions of 100, as deliveries that come together are handled.
    private static func fill(_ queue: JobQueue, _ count: Int) async throws {
        let request = JobRequest(kind: NoOp.name, payload: .null)
        for start in stride(from: 0, to: count, by: 100) {
            let batch = Array(repeating: request, count: min(100, count - start))
            try await queue.database.write { _ = try queue.enqueue(batch, in: $0) }
        }
    }

    private static func drain(_ queue: JobQueue, _ count: Int) async throws {
        let worker = Worker(
            queue: queue, handlers: [NoOp()], settings: WorkerSettings(owner: "bench", lanes: [.review: 64]), logger: .silent,
            redact: { $0 })
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            while await worker.statistics.succeeded < count {
                // The measured work is in the worker; this only waits for its end.
                do { try await SystemClock().sleep(for: .milliseconds(10)) } catch { break }
            }
            await worker.stop(grace: .seconds(5))
            group.cancelAll()
        }
    }
}

private struct NoOp: JobHandler {
    static let name = "no-op"
    let kind = name

    func run(_ job: JobContext) async throws -> JobOutcome { .done }
}
