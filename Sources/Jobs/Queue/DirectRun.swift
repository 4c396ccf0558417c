import Basics
import Storage

extension JobQueue {
    /// Runs one job here and now, without a worker: for one-shot commands, usually over a database in memory. The same handler, the same
    /// rows, the same effects; but a database made for one run remembers nothing, so by default effects look for our marker first. The job is stored as failed when the handler throws, and the error is thrown on.
    package func runDirectly(
        _ request: JobRequest, by handler: any JobHandler, settling: Duration = EffectStore.usualSettling, looksFirst: Bool = true
    ) async throws {
        let id = newID(at: clock.now)
        let started = try await write { store in
            _ = try store.enqueue(request, id: id, delivery: nil)
            let waiting = try store.job(id).map { [$0] } ?? []
            return try store.start(waiting, owner: "direct")
        }
        guard let job = started.first else { throw JobFailure(reason: "such a job is under way or was done", retry: .never) }
        let lease = Lease(LeaseKey(id: id, fence: job.progress.fence), length: nil, begun: clock.uptime, clock: clock)
        let context = JobContext(job: job, lease: lease, queue: self, settling: settling, looksFirst: looksFirst)
        do {
            let outcome = try await handler.run(context)
            if case .postpone = outcome { throw JobFailure(reason: "the job asked to run later", retry: .never) }
            _ = try await write { try $0.apply(.succeed(fence: lease.key.fence), to: id) }
        } catch {
            _ = try await write { try $0.apply(.fail(fence: lease.key.fence, retryAt: nil), to: id, error: "\(type(of: error))") }
            throw error
        }
    }
}
