package import Basics
package import Forge
import LLM
package import Storage

/// One kind of work: load → decide → gate → write. Adding a kind is one file with one of these and a line in the list of handlers.
package protocol JobHandler: Sendable {
    var kind: String { get }

    /// Runs to the end, or throws; what is thrown says by `RetryAdvising` whether trying again can help.
    ///
    /// Every effect goes through `job.effects`, every other write through `job.write`: both are refused once the lease is lost.
    func run(_ job: JobContext) async throws -> JobOutcome
}

package enum JobOutcome: Sendable, Hashable {
    /// Done; `next` is queued in the same transaction.
    case done(next: [JobRequest])
    /// Not now. Counts as no attempt.
    case postpone(until: Timestamp)

    package static let done = JobOutcome.done(next: [])
}

/// An error that knows whether the same work may succeed later. Errors that do not say so are tried again.
package protocol RetryAdvising: Error {
    var retryAdvice: RetryAdvice { get }
}

package enum RetryAdvice: Sendable, Hashable {
    case afterBackoff
    case after(Duration)
    case never
}

extension ForgeError: RetryAdvising {
    package var retryAdvice: RetryAdvice {
        if case .rateLimited(let wait) = self { return .after(wait) }
        return mayPass ? .afterBackoff : .never
    }
}

/// A fault the handler itself names.
package struct JobFailure: RetryAdvising, Hashable, CustomStringConvertible {
    package let reason: String
    package let retryAdvice: RetryAdvice

    package init(reason: String, retry: RetryAdvice) {
        self.reason = reason
        retryAdvice = retry
    }

    package var description: String { reason }
}

extension JobContext {
    /// What the job was asked. A payload of another shape is of another version, or not ours: trying again does not help.
    func request<Request: Decodable>(as type: Request.Type) throws(JobFailure) -> Request {
        do { return try payload.decoded(as: type) } catch { throw JobFailure(reason: error.description, retry: .never) }
    }
}

/// What a handler may know and do about the job it runs.
package struct JobContext: Sendable {
    package let job: JobRecord
    package let lease: Lease
    package let effects: EffectStore
    private let queue: JobQueue

    package init(
        job: JobRecord, lease: Lease, queue: JobQueue, settling: Duration = EffectStore.usualSettling, looksFirst: Bool = false,
        crashPoints: CrashPoints = .none
    ) {
        self.job = job
        self.lease = lease
        self.queue = queue
        effects = EffectStore(
            queue: queue, lease: lease, settling: settling, looksFirst: looksFirst, crashPoints: crashPoints)
    }

    package var payload: JSONValue { job.payload }
    package var clock: any Clock { queue.clock }
    package var random: any RandomSource { queue.random }
    package var isLastAttempt: Bool { job.progress.attempt >= job.progress.maxAttempts }

    /// A transaction that commits only while the lease holds; throws `JobAction.Refusal.leaseLost` otherwise.
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try lease.check()
        return try await queue.database.write { transaction in
            try queue.store(in: transaction).require(lease.key)
            return try body(transaction)
        }
    }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await queue.database.read(body)
    }

    /// Money that is gone is written down whoever has the job now.
    package func record(_ spend: Spend) async throws {
        try await queue.database.write { transaction in
            try SpendLedger.append(spend, job: job.id, at: queue.clock.now, in: transaction)
        }
    }

    func budget(of repository: String, limits: Budget.Limits) -> BudgetLedger {
        BudgetLedger(database: queue.database, clock: queue.clock, repository: repository, limits: limits)
    }

    package func audit(_ action: String, subject: String, detail: [String: JSONValue] = [:]) async throws {
        try await write { transaction in
            let entry = AuditEntry(action: action, subject: subject, job: job.id, detail: detail)
            try AuditLog.append(entry, at: queue.clock.now, in: transaction)
        }
    }
}
