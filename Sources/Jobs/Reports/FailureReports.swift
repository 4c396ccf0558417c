package import Basics
package import Kubernetes
package import Storage

/// What came of a reported run, for those who ask: the newest answer about each.
package struct FailureReports: Sendable {
    package struct Answer: Sendable, Hashable {
        package enum Status: String, Sendable, Codable {
            case success, error
        }

        package let status: Status
        /// One line for people, e.g. `Issue created: https://…`; redacted.
        package let result: String

        package init(_ status: Status, _ result: String) {
            self.status = status
            self.result = result
        }
    }

    package struct Stored: Sendable, Hashable {
        package let answer: Answer
        /// Of the object the answer is about; a later one of the same name has another.
        package let uid: String
        /// The job that was asked.
        package let job: String
        package let at: Timestamp
    }

    package static let migrations: [Migration] = [
        Migration(id: "reports-001-answers") { _ in
            [
                """
                CREATE TABLE failure_reports (
                    run TEXT NOT NULL PRIMARY KEY, uid TEXT NOT NULL, job TEXT NOT NULL, status TEXT NOT NULL, result TEXT NOT NULL,
                    at BIGINT NOT NULL)
                """
            ]
        }
    ]

    /// The newest answer about a run; `nil` before there is one.
    package static func find(_ run: RunReference, in queue: JobQueue) async throws -> Stored? {
        try await queue.database.read { try find(run, in: $0) }
    }

    static func find(_ run: RunReference, in transaction: any Transaction) throws -> Stored? {
        let sql = "SELECT uid, job, status, result, at FROM failure_reports WHERE run = ?"
        guard let row = try transaction.query(sql, [.text(run.description)]).first else { return nil }
        guard let status = Answer.Status(rawValue: try row.text("status")) else {
            throw DatabaseError.unexpectedRow(column: "status", expected: "success or error")
        }
        return Stored(
            answer: Answer(status, try row.text("result")), uid: try row.text("uid"), job: try row.text("job"),
            at: Timestamp(microseconds: try row.integer("at")))
    }

    static func save(_ stored: Stored, about run: RunReference, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO failure_reports (run, uid, job, status, result, at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (run) DO UPDATE SET uid = excluded.uid, job = excluded.job, status = excluded.status, result = excluded.result,
            at = excluded.at
            """
        try transaction.execute(
            sql,
            [
                .text(run.description), .text(stored.uid), .text(stored.job), .text(stored.answer.status.rawValue),
                .text(stored.answer.result), .integer(stored.at.microseconds),
            ])
    }
}
