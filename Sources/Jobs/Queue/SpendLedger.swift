package import Basics
package import Storage

/// One model call and what it cost.
package struct Spend: Sendable, Hashable {
    package let repository: String
    package let model: String
    package let promptTokens: TokenCount
    package let completionTokens: TokenCount
    package let cost: USD

    package init(repository: String, model: String, promptTokens: TokenCount, completionTokens: TokenCount, cost: USD) {
        self.repository = repository
        self.model = model
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cost = cost
    }
}

package struct SpendLedger: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    package static func append(_ spend: Spend, job: JobID?, at now: Timestamp, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO spend (at, job, repository, model, prompt_tokens, completion_tokens, micros) VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        try transaction.execute(
            sql,
            [
                .integer(now.microseconds), .text(job?.rawValue), .text(spend.repository), .text(spend.model),
                .integer(spend.promptTokens.count), .integer(spend.completionTokens.count), .integer(spend.cost.micros),
            ])
    }

    /// What was spent since a moment; on one repository, or on all.
    package func total(since start: Timestamp, repository: String? = nil) async throws -> USD {
        try await database.read { transaction in
            let filter = repository == nil ? "" : " AND repository = ?"
            let values: [SQLValue] = [.integer(start.microseconds)] + (repository.map { [.text($0)] } ?? [])
            let rows = try transaction.query("SELECT COALESCE(SUM(micros), 0) AS micros FROM spend WHERE at >= ?\(filter)", values)
            return USD(micros: try rows.first?.integer("micros") ?? 0)
        }
    }
}
