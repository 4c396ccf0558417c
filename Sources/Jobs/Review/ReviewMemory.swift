package import Basics
package import Review
package import Storage

/// What is remembered of a repository's reviews: findings told in each pull request, findings somebody does not want to hear of again,
/// and pull requests on which we were asked to be silent. Local: nothing of it leaves the database.
package enum ReviewMemory {
    package static let migrations: [Migration] = [
        Migration(id: "review-002") { _ in
            [
                """
                CREATE TABLE review_findings (
                    pull_request TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, finding TEXT NOT NULL, at BIGINT NOT NULL,
                    PRIMARY KEY (pull_request, fingerprint))
                """,
                """
                CREATE TABLE review_dismissals (
                    repository TEXT NOT NULL, fingerprint TEXT NOT NULL, finding TEXT NOT NULL, decided_by TEXT NOT NULL, at BIGINT NOT NULL,
                    expires BIGINT, PRIMARY KEY (repository, fingerprint))
                """,
                """
                CREATE TABLE paused_reviews (pull_request TEXT PRIMARY KEY, decided_by TEXT NOT NULL, at BIGINT NOT NULL)
                """,
            ]
        }
    ]

    /// A dismissal is forgotten after this: code and people change.
    package static let dismissalLength = Duration.seconds(180 * 86_400)
    /// Enough for any pull request that people still read.
    private static let mostFindings = 2000

    /// A finding somebody does not want to hear of again.
    package struct Dismissal: Sendable, Hashable {
        package let repository: String
        package let finding: RememberedFinding
        package let decidedBy: String
        package let at: Timestamp
    }

    // MARK: Findings of a pull request

    /// What a new review of this pull request must know: its own findings, and its repository's dismissals that hold.
    static func remembered(of pullRequest: String, in repository: String, at now: Timestamp, _ transaction: any Transaction) throws
        -> [RememberedFinding]
    {
        let sql =
            "SELECT finding, state FROM review_findings WHERE pull_request = ? AND state <> 'fixed' ORDER BY at DESC LIMIT \(mostFindings)"
        let own = try transaction.query(sql, [.text(pullRequest)]).compactMap { row -> RememberedFinding? in
            var finding = decode(try row.text("finding"))
            if let state = RememberedFinding.State(rawValue: try row.text("state")) { finding?.state = state }
            return finding
        }
        return own + (try dismissals(in: repository, at: now, transaction).map(\.finding))
    }

    /// Marks of comments that stand on the forge although what they told is fixed: should it come back, it is told again.
    static func fixed(in pullRequest: String, _ transaction: any Transaction) throws -> Set<Fingerprint> {
        let rows = try transaction.query(
            "SELECT fingerprint FROM review_findings WHERE pull_request = ? AND state = 'fixed'", [.text(pullRequest)])
        return Set(try rows.compactMap { Fingerprint(try $0.text("fingerprint")) })
    }

    static func remember(
        _ told: [RememberedFinding], fixed: [RememberedFinding], in pullRequest: String, at now: Timestamp, _ transaction: any Transaction
    ) throws {
        for finding in told { try set(finding, "posted", in: pullRequest, at: now, transaction) }
        for finding in fixed { try set(finding, "fixed", in: pullRequest, at: now, transaction) }
    }

    /// A thread was resolved, or opened again. Only what we told is known; anything else changes nothing.
    static func setResolved(_ isResolved: Bool, _ fingerprint: Fingerprint, in pullRequest: String, _ transaction: any Transaction) throws {
        let sql = "UPDATE review_findings SET state = ? WHERE pull_request = ? AND fingerprint = ? AND state = ?"
        let (new, old) = isResolved ? ("resolved", "posted") : ("posted", "resolved")
        try transaction.execute(sql, [.text(new), .text(pullRequest), .text(fingerprint.text), .text(old)])
    }

    static func finding(_ fingerprint: Fingerprint, in pullRequest: String, _ transaction: any Transaction) throws -> RememberedFinding? {
        let sql = "SELECT finding FROM review_findings WHERE pull_request = ? AND fingerprint = ?"
        return try transaction.query(sql, [.text(pullRequest), .text(fingerprint.text)]).first.flatMap { decode(try $0.text("finding")) }
    }

    private static func set(
        _ finding: RememberedFinding, _ state: String, in pullRequest: String, at now: Timestamp, _ transaction: any Transaction
    ) throws {
        let sql = """
            INSERT INTO review_findings (pull_request, fingerprint, state, finding, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (pull_request, fingerprint) DO UPDATE SET state = excluded.state, finding = excluded.finding, at = excluded.at
            """
        try transaction.execute(
            sql, [.text(pullRequest), .text(finding.fingerprint.text), .text(state), .text(encode(finding)), .integer(now.microseconds)])
    }

    // MARK: Dismissals of a repository

    static func dismiss(
        _ finding: RememberedFinding, in repository: String, by login: String, at now: Timestamp, _ transaction: any Transaction
    )
        throws
    {
        let sql = """
            INSERT INTO review_dismissals (repository, fingerprint, finding, decided_by, at, expires) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (repository, fingerprint) DO UPDATE SET finding = excluded.finding, decided_by = excluded.decided_by,
                at = excluded.at, expires = excluded.expires
            """
        try transaction.execute(
            sql,
            [
                .text(repository), .text(finding.fingerprint.text), .text(encode(finding)), .text(login), .integer(now.microseconds),
                .integer(finding.expires?.microseconds),
            ])
    }

    /// Those that hold at `now`, newest first; of one repository, or of all.
    package static func dismissals(in repository: String? = nil, at now: Timestamp, _ transaction: any Transaction) throws -> [Dismissal] {
        let filter = repository == nil ? "" : " AND repository = ?"
        let sql = """
            SELECT repository, finding, decided_by, at FROM review_dismissals WHERE (expires IS NULL OR expires > ?)\(filter)
            ORDER BY at DESC LIMIT \(mostFindings)
            """
        let values: [SQLValue] = [.integer(now.microseconds)] + (repository.map { [.text($0)] } ?? [])
        return try transaction.query(sql, values).compactMap { row -> Dismissal? in
            guard let finding = decode(try row.text("finding")) else { return nil }
            return Dismissal(
                repository: try row.text("repository"), finding: finding, decidedBy: try row.text("decided_by"),
                at: Timestamp(microseconds: try row.integer("at")))
        }
    }

    /// Whether there was one.
    package static func forget(_ fingerprint: Fingerprint, in repository: String?, _ transaction: any Transaction) throws -> Bool {
        let filter = repository == nil ? "" : " AND repository = ?"
        let values: [SQLValue] = [.text(fingerprint.text)] + (repository.map { [.text($0)] } ?? [])
        let known = try transaction.query("SELECT repository FROM review_dismissals WHERE fingerprint = ?\(filter)", values)
        try transaction.execute("DELETE FROM review_dismissals WHERE fingerprint = ?\(filter)", values)
        return !known.isEmpty
    }

    // MARK: Pauses

    static func pause(_ pullRequest: String, by login: String, at now: Timestamp, _ transaction: any Transaction) throws {
        let sql = "INSERT INTO paused_reviews (pull_request, decided_by, at) VALUES (?, ?, ?) ON CONFLICT (pull_request) DO NOTHING"
        try transaction.execute(sql, [.text(pullRequest), .text(login), .integer(now.microseconds)])
    }

    static func resume(_ pullRequest: String, _ transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM paused_reviews WHERE pull_request = ?", [.text(pullRequest)])
    }

    static func isPaused(_ pullRequest: String, _ transaction: any Transaction) throws -> Bool {
        try !transaction.query("SELECT at FROM paused_reviews WHERE pull_request = ?", [.text(pullRequest)]).isEmpty
    }

    // MARK: Rows

    private static func encode(_ finding: RememberedFinding) -> String { JSONValue(encoding: finding).text }

    /// A row of another version is a finding forgotten, not a failure.
    private static func decode(_ text: String) -> RememberedFinding? {
        (try? JSONValue(parsing: text.utf8)).flatMap { try? $0.decoded(as: RememberedFinding.self) }
    }
}
