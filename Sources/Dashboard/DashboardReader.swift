import Basics
package import Jobs
import Storage

/// What the pages show, read from the queue's tables. Rows only: no page writes.
package struct DashboardReader: Sendable {
    private let database: any Database
    let queue: JobQueue
    let audit: AuditLog

    package init(queue: JobQueue) {
        database = queue.database
        self.queue = queue
        audit = AuditLog(database: queue.database)
    }

    struct Delivery: Sendable {
        let id: Int64
        let forge: String
        let host: String
        let event: UntrustedText
        let deliveryID: UntrustedText
        let state: String
        let reason: UntrustedText?
        let repeats: Int64
        let receivedAt: Timestamp
    }

    struct Effect: Sendable {
        let key: UntrustedText
        let kind: String
        let state: String
        let remoteID: String?
        let sends: Int64
        let job: String?
        let confirmedAt: Timestamp?
        let lastError: UntrustedText?
    }

    struct Spend: Sendable {
        let repository: UntrustedText
        let model: UntrustedText
        let calls: Int64
        let promptTokens: Int64
        let completionTokens: Int64
        let cost: USD
    }

    /// A number for each state, largest first.
    func counts(of table: CountedTable) async throws -> [(state: String, count: Int64)] {
        let sql = "SELECT state, COUNT(*) AS count FROM \(table.rawValue) GROUP BY state ORDER BY count DESC, state"
        return try await database.read { transaction in
            try transaction.query(sql, []).map { (try $0.text("state"), try $0.integer("count")) }
        }
    }

    enum CountedTable: String { case deliveries, jobs, effects }

    /// The newest first.
    func deliveries(limit: Int, id: Int64? = nil) async throws -> [Delivery] {
        let filter = id == nil ? "" : "WHERE id = ?"
        let sql = """
            SELECT id, forge, host, event, delivery_id, state, reason, repeats, received_at FROM deliveries \(filter) ORDER BY id DESC LIMIT ?
            """
        let values = (id.map { [.integer($0)] } ?? []) + [SQLValue.integer(Int64(limit))]
        return try await database.read { transaction in
            try transaction.query(sql, values).map { row in
                Delivery(
                    id: try row.integer("id"), forge: try row.text("forge"), host: try row.text("host"),
                    event: UntrustedText(try row.text("event")),
                    deliveryID: UntrustedText(try row.text("delivery_id")), state: try row.text("state"),
                    reason: try row.optionalText("reason").map { UntrustedText($0) }, repeats: try row.integer("repeats"),
                    receivedAt: Timestamp(microseconds: try row.integer("received_at")))
            }
        }
    }

    /// Jobs a delivery led to, oldest first.
    func jobs(of delivery: Int64) async throws -> [JobRecord] {
        try await database.read { transaction in
            try transaction.query("SELECT \(JobRecord.columns) FROM jobs WHERE delivery = ? ORDER BY id", [.integer(delivery)]).map {
                try JobRecord($0)
            }
        }
    }

    func effects(limit: Int, job: String? = nil) async throws -> [Effect] {
        let sql = """
            SELECT stable_key, kind, state, remote_id, sends, job, confirmed_at, last_error FROM effects \(job == nil ? "" : "WHERE job = ?")
            ORDER BY sent_at DESC, stable_key LIMIT ?
            """
        let values = (job.map { [.text($0)] } ?? []) + [SQLValue.integer(Int64(limit))]
        return try await database.read { transaction in
            try transaction.query(sql, values).map { row in
                Effect(
                    key: UntrustedText(try row.text("stable_key")), kind: try row.text("kind"), state: try row.text("state"),
                    remoteID: try row.optionalText("remote_id"), sends: try row.integer("sends"), job: try row.optionalText("job"),
                    confirmedAt: try row.optionalInteger("confirmed_at").map(Timestamp.init(microseconds:)),
                    lastError: try row.optionalText("last_error").map { UntrustedText($0) })
            }
        }
    }

    /// What reviews came to, the newest first.
    func reviews(limit: Int) async throws -> [AuditRecord] { try await audit.entries(action: ReviewCheck.auditAction, limit: limit) }

    func previewLeaks() async throws -> [String] { try await database.read { try PreviewRecords.leaks(in: $0) } }
    func previews() async throws -> [PreviewRecord] { try await database.read { try PreviewRecords.all(in: $0, limit: 500) } }

    /// Sums since a moment, dearest first.
    func spend(since: Timestamp) async throws -> [Spend] {
        let sql = """
            SELECT repository, model, COUNT(*) AS calls, SUM(prompt_tokens) AS prompt, SUM(completion_tokens) AS completion, SUM(micros) AS micros
            FROM spend WHERE at >= ? GROUP BY repository, model ORDER BY micros DESC, calls DESC LIMIT 200
            """
        return try await database.read { transaction in
            try transaction.query(sql, [.integer(since.microseconds)]).map { row in
                Spend(
                    repository: UntrustedText(try row.text("repository")), model: UntrustedText(try row.text("model")),
                    calls: try row.integer("calls"), promptTokens: Int64(try row.real("prompt")),
                    completionTokens: Int64(try row.real("completion")), cost: USD(micros: Int64(try row.real("micros"))))
            }
        }
    }

    /// Changes whenever any page would: what the live stream compares.
    func version() async throws -> String {
        let sql = """
            SELECT (SELECT COALESCE(MAX(id), 0) FROM deliveries) AS a, (SELECT COALESCE(MAX(settled_at), 0) FROM deliveries) AS b,
                   (SELECT COUNT(*) FROM jobs) AS c, (SELECT COALESCE(MAX(ended_at), 0) FROM jobs) AS d,
                   (SELECT COALESCE(MAX(confirmed_at), 0) FROM effects) AS e, (SELECT COALESCE(SUM(attempt), 0) FROM jobs WHERE ended_at IS NULL) AS f
            """
        return try await database.read { transaction in
            guard let row = try transaction.query(sql, []).first else { return "" }
            return try ["a", "b", "c", "d", "e", "f"].map { String(Int64(try row.real($0))) }.joined(separator: ".")
        }
    }
}
