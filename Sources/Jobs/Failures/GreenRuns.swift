import Basics
import Forge
import Storage

/// The last success of each workflow on each branch: where the search for suspects begins.
enum GreenRuns {
    static let migration = Migration(id: "failures-002-green-runs") { _ in
        [
            """
            CREATE TABLE green_runs (
                repository TEXT NOT NULL, workflow TEXT NOT NULL, branch TEXT NOT NULL, run BIGINT NOT NULL, head TEXT NOT NULL,
                PRIMARY KEY (repository, workflow, branch))
            """
        ]
    }

    static let attempts = Migration(id: "failures-004-green-attempts") { _ in
        ["ALTER TABLE green_runs ADD COLUMN attempt BIGINT NOT NULL DEFAULT 1"]
    }

    /// An older run than the known one changes nothing.
    static func note(_ request: ExplainRunRequest, in transaction: any Transaction) throws {
        guard let branch = request.branch, let commit = request.commit else { return }
        let sql = """
            INSERT INTO green_runs (repository, workflow, branch, run, attempt, head) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (repository, workflow, branch) DO UPDATE SET run = excluded.run, attempt = excluded.attempt, head = excluded.head
            WHERE green_runs.run < excluded.run
            """
        try transaction.execute(
            sql,
            [
                .text(IncidentRows.key(request.repository)), .text(request.workflow.raw), .text(branch.raw), .integer(request.run),
                .integer(Int64(request.attempt)), .text(commit.hex),
            ])
    }

    /// The commit of the last success before this run; `nil` when none is known.
    static func last(before request: ExplainRunRequest, in transaction: any Transaction) throws -> CommitID? {
        guard let branch = request.branch else { return nil }
        let sql = "SELECT head FROM green_runs WHERE repository = ? AND workflow = ? AND branch = ? AND run < ?"
        let values: [SQLValue] = [
            .text(IncidentRows.key(request.repository)), .text(request.workflow.raw), .text(branch.raw), .integer(request.run),
        ]
        return try transaction.query(sql, values).first.flatMap { CommitID(try $0.text("head")) }
    }

    struct Run: Sendable, Hashable {
        let id: Int64
        let attempt: Int
    }

    /// The last success of the workflow before this run: of its branch, or of any where the run belongs to none.
    static func lastRun(before request: ExplainRunRequest, in transaction: any Transaction) throws -> Run? {
        let sql = """
            SELECT run, attempt FROM green_runs WHERE repository = ? AND workflow = ? AND run < ?\(request.branch == nil ? "" : " AND branch = ?")
            ORDER BY run DESC LIMIT 1
            """
        let values: [SQLValue] = [
            .text(IncidentRows.key(request.repository)), .text(request.workflow.raw), .integer(request.run),
        ]
        let row = try transaction.query(sql, values + (request.branch.map { [.text($0.raw)] } ?? [])).first
        return try row.map { Run(id: try $0.integer("run"), attempt: Int(clamping: try $0.integer("attempt"))) }
    }
}
