package import Basics
package import Storage

/// Chains audit rows that are not sealed yet, in batches, and signs where the chain stands. The head row's lock lets one process at a
/// time do it.
package struct AuditSealer: Sendable {
    private let database: any Database
    /// Without one the checkpoints are chained and not signed.
    private let key: AuditKey?
    private let logger: Logger
    private static let batch = 500

    package init(database: any Database, key: AuditKey?, logger: Logger) {
        self.database = database
        self.key = key
        self.logger = logger
    }

    /// Seals what is there now; how many rows.
    @discardableResult
    package func sealAll() async throws -> Int {
        var sealed = 0
        while true {
            let anything = try await database.read { try !$0.query("SELECT id FROM audit WHERE seal IS NULL LIMIT 1").isEmpty }
            guard anything else { return sealed }
            let batch = try await database.write { [key, dialect = database.dialect] in try Self.sealBatch($0, key, dialect) }
            guard let (count, checkpoint) = batch else { return sealed }
            sealed += count
            logger.info(
                "audit checkpoint",
                [
                    "audit.seal": .integer(checkpoint.seal), "audit.rows": .integer(checkpoint.rows),
                    "audit.chain": .string(checkpoint.chain), "audit.signature": .string(checkpoint.signature),
                ])
            if count < Self.batch { return sealed }
        }
    }

    private static func sealBatch(_ transaction: any Transaction, _ key: AuditKey?, _ dialect: SQLDialect) throws -> (Int, AuditCheckpoint)?
    {
        let headRow = try transaction.query("SELECT seal, sealed, chain FROM audit_head WHERE id = 1 \(dialect.forUpdate)").first
        guard let headRow else { throw DatabaseError.statement(reason: "the audit log has no head") }
        let seal = try headRow.integer("seal") + 1
        var chain = try headRow.text("chain")
        let open = try transaction.query("SELECT \(columns) FROM audit WHERE seal IS NULL ORDER BY id LIMIT ?", [.integer(batch)])
        if open.isEmpty { return nil }
        var updates: [[SQLValue]] = []
        for row in open {
            let sealed = try self.row(row, seal: seal)
            chain = sealed.code(after: chain)
            updates.append([.integer(seal), .text(chain), .integer(sealed.id)])
        }
        _ = try transaction.execute("UPDATE audit SET seal = ?, chain = ? WHERE id = ?", each: updates)
        let rows = try headRow.integer("sealed") + Int64(open.count)
        let checkpoint = AuditCheckpoint(seal: seal, rows: rows, chain: chain, signedWith: key)
        try transaction.execute(
            "UPDATE audit_head SET seal = ?, sealed = ?, chain = ? WHERE id = 1", [.integer(seal), .integer(rows), .text(chain)])
        try transaction.execute(
            "INSERT INTO audit_checkpoints (seal, sealed, chain, signature) VALUES (?, ?, ?, ?)",
            [.integer(seal), .integer(rows), .text(chain), .text(checkpoint.signature)])
        return (open.count, checkpoint)
    }

    private static let columns = "id, at, job, action, subject, detail"

    private static func row(_ row: Row, seal: Int64, chain: String = "") throws -> SealedRow {
        SealedRow(
            id: try row.integer("id"), seal: seal, at: try row.integer("at"), job: try row.optionalText("job"),
            action: try row.text("action"), subject: try row.text("subject"), detail: try row.text("detail"), chain: chain)
    }
}

extension AuditLog {
    /// Every sealed row in order, and the checkpoints the database keeps.
    package func sealed() async throws -> (rows: [SealedRow], checkpoints: [AuditCheckpoint]) {
        try await database.read { transaction in
            let sql = "SELECT id, seal, at, job, action, subject, detail, chain FROM audit WHERE seal IS NOT NULL ORDER BY seal, id"
            let rows = try transaction.query(sql).map { row in
                SealedRow(
                    id: try row.integer("id"), seal: try row.integer("seal"), at: try row.integer("at"), job: try row.optionalText("job"),
                    action: try row.text("action"), subject: try row.text("subject"), detail: try row.text("detail"),
                    chain: try row.optionalText("chain") ?? "")
            }
            let checkpoints = try transaction.query("SELECT seal, sealed, chain, signature FROM audit_checkpoints ORDER BY seal").map {
                row in
                AuditCheckpoint(
                    seal: try row.integer("seal"), rows: try row.integer("sealed"), chain: try row.text("chain"),
                    signature: try row.text("signature"))
            }
            return (rows, checkpoints)
        }
    }
}
