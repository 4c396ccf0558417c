import Basics
import HTTP
import Jobs
import Storage

/// Jobs as the commands print them. The JSON shape is a contract.
enum JobReport {
    static func id(_ arguments: ParsedArguments) throws(UsageError) -> JobID {
        guard let id = arguments.positionals.first, arguments.positionals.count == 1 else { throw UsageError("give one job's ID") }
        return JobID(rawValue: id)
    }

    /// Changes a job in the database, or, where a running server holds an embedded one, through that server (`verb` is its route).
    static func change(
        _ arguments: ParsedArguments, _ context: CommandContext, verb: String, _ action: (JobQueue, JobID) async throws -> JobAction
    ) async throws -> ExitCode {
        let id = try id(arguments)
        let configuration = try Configuration.load(environment: context.environment)
        switch try await answer(id, configuration, context, verb: verb, action) {
        case .done: context.print("done")
        case .noSuchJob: throw UsageError("there is no job '\(id)'; 'fettle jobs list' shows them")
        case .refused(let reason):
            context.complain("nothing was changed: \(reason)")
            return .findings
        }
        return .done
    }

    private static func answer(
        _ id: JobID, _ configuration: Configuration, _ context: CommandContext, verb: String,
        _ action: (JobQueue, JobID) async throws -> JobAction
    ) async throws -> RunningServer.Answer {
        let opened: any Database
        do {
            opened = try await configuration.openDatabase()
        } catch DatabaseError.inUse(let path) {
            var options = CurlHTTPClient.Options()
            options.proxy = .none
            return try await RunningServer(holding: path, configuration, http: CurlHTTPClient(options: options)).change(id, verb)
        }
        return try await OperatorDatabase.with(opened) { database in
            let queue = JobQueue(database: database, clock: context.clock, random: context.random)
            guard try await queue.job(id) != nil else { return .noSuchJob }
            if case .refuse(let refusal) = try await action(queue, id) { return .refused(refusal.rawValue) }
            return .done
        }
    }

    static func line(_ job: JobRecord) -> String {
        let subject = job.concurrencyKey ?? job.uniqueKey ?? ""
        let attempts = "\(job.progress.attempt)/\(job.progress.maxAttempts)"
        let error = job.lastError.map { "  " + firstLine($0) } ?? ""
        return "\(job.id)  \(padded(job.progress.state.rawValue, 10))  \(padded(job.lane.rawValue, 11))  "
            + "\(padded(attempts, 5))  \(job.createdAt.iso8601)  \(job.kind)  \(subject)\(error)"
    }

    static func page(_ job: JobRecord, _ entries: [AuditRecord]) -> String {
        var lines = [line(job), "  runs at:  \(job.progress.runAt.iso8601)", "  payload:  \(job.payload.text)"]
        if let owner = job.owner { lines.append("  worker:   \(owner), start \(job.progress.fence), lost \(job.progress.losses)") }
        if let delivery = job.delivery { lines.append("  delivery: \(delivery)") }
        if let error = job.lastError { lines.append("  error:    \(error)") }
        lines += entries.map { "  \($0.at.iso8601)  \(padded($0.entry.action, 18))  \($0.entry.subject)" }
        return lines.joined(separator: "\n")
    }

    static func json(_ job: JobRecord) -> JSONValue {
        .object([
            "id": .string(job.id.rawValue), "kind": .string(job.kind), "lane": .string(job.lane.rawValue),
            "state": .string(job.progress.state.rawValue), "attempt": .integer(Int64(job.progress.attempt)),
            "max_attempts": .integer(Int64(job.progress.maxAttempts)), "losses": .integer(Int64(job.progress.losses)),
            "run_at": .string(job.progress.runAt.iso8601), "created_at": .string(job.createdAt.iso8601),
            "ended_at": job.endedAt.map { .string($0.iso8601) } ?? .null, "payload": job.payload,
            "concurrency_key": job.concurrencyKey.map { .string($0) } ?? .null,
            "delivery": job.delivery.map { .integer($0) } ?? .null, "last_error": job.lastError.map { .string($0) } ?? .null,
        ])
    }

    static func json(_ record: AuditRecord) -> JSONValue {
        .object([
            "id": .integer(record.id), "at": .string(record.at.iso8601), "action": .string(record.entry.action),
            "subject": .string(record.entry.subject), "detail": .object(record.entry.detail),
        ])
    }

    private static func firstLine(_ text: String) -> String {
        String(text.prefix { !$0.isNewline }.prefix(100))
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}
