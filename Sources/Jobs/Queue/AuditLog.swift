package import Basics
package import Storage

/// What was done, by whom, to what. An entry is written in the transaction of the action it tells of: no audit, no action.
package struct AuditEntry: Sendable, Hashable {
    /// `job.succeeded`, `effect.confirmed`, `delivery.handled`, …
    package let action: String
    /// What it was done to: a repository, a delivery, an effect's key.
    package let subject: String
    package let job: JobID?
    /// Ids, digests and reasons; no bodies, no secrets.
    package let detail: [String: JSONValue]

    package init(action: String, subject: String, job: JobID? = nil, detail: [String: JSONValue] = [:]) {
        self.action = action
        self.subject = subject
        self.job = job
        self.detail = detail
    }
}

package struct AuditRecord: Sendable, Hashable {
    package let id: Int64
    package let at: Timestamp
    package let entry: AuditEntry
}

package struct AuditLog: Sendable {
    let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    package static func append(_ entry: AuditEntry, at now: Timestamp, in transaction: any Transaction) throws {
        try append([entry], at: now, in: transaction)
    }

    package static func append(_ entries: [AuditEntry], at now: Timestamp, in transaction: any Transaction) throws {
        let rows = entries.map { entry -> [SQLValue] in
            [
                .integer(now.microseconds), .text(entry.job?.rawValue), .text(entry.action), .text(entry.subject),
                .text(JSONValue.object(entry.detail).text),
            ]
        }
        _ = try transaction.execute("INSERT INTO audit (at, job, action, subject, detail) VALUES (?, ?, ?, ?, ?)", each: rows)
    }

    /// The newest entries first.
    package func entries(of job: JobID? = nil, limit: Int = 100) async throws -> [AuditRecord] {
        try await database.read { transaction in
            let filter = job == nil ? "" : "WHERE job = ?"
            let values: [SQLValue] = (job.map { [.text($0.rawValue)] } ?? []) + [.integer(limit)]
            let sql = "SELECT id, at, job, action, subject, detail FROM audit \(filter) ORDER BY id DESC LIMIT ?"
            return try transaction.query(sql, values).map(Self.record)
        }
    }

    /// The newest entries of one action first.
    package func entries(action: String, limit: Int = 100) async throws -> [AuditRecord] {
        try await database.read { transaction in
            let sql = "SELECT id, at, job, action, subject, detail FROM audit WHERE action = ? ORDER BY id DESC LIMIT ?"
            return try transaction.query(sql, [.text(action), .integer(limit)]).map(Self.record)
        }
    }

    private static func record(_ row: Row) throws -> AuditRecord {
        let entry = AuditEntry(
            action: try row.text("action"), subject: try row.text("subject"),
            job: try row.optionalText("job").map { JobID(rawValue: $0) },
            detail: try JSONValue(parsing: row.text("detail").utf8).object ?? [:])
        return AuditRecord(id: try row.integer("id"), at: Timestamp(microseconds: try row.integer("at")), entry: entry)
    }
}
