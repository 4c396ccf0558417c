package import Basics
package import Forge
package import Previews
package import Storage

/// One preview as the database has it.
package struct PreviewRecord: Sendable, Hashable, Codable {
    package let identity: PreviewIdentity
    /// The App installation last seen, for looks that no delivery asked for.
    package var installation: Int64?
    package var preview = Preview()
    /// In force at the last `up`: what takes down is what brought up.
    package var settings: PreviewSettings?
    /// The newest jobs whose commands were obeyed.
    package var obeyed: [String] = []
    package var updatedAt: Timestamp

    package init(identity: PreviewIdentity, installation: Int64?, updatedAt: Timestamp) {
        self.identity = identity
        self.installation = installation
        self.updatedAt = updatedAt
    }

    package var pullRequest: PullRequestReference {
        let repository = RepositoryReference(forge: identity.forge, name: identity.repository, installation: installation)
        return PullRequestReference(repository: repository, number: identity.number)
    }

    /// Nothing of it is left and nothing is waited for.
    var isAtRest: Bool { !preview.mayExist && (preview.phase == .absent || preview.phase == .expired) }
}

/// A deployment on the forge that a preview made.
package struct PreviewDeployment: Sendable, Hashable {
    package let id: Int64
    package let commit: CommitID
    package var state: String
}

/// Rows of previews and of their deployments, inside one transaction.
package enum PreviewRecords {
    package static let migrations: [Migration] = [
        Migration(id: "previews-001") { _ in
            [
                """
                CREATE TABLE previews (
                    identity TEXT NOT NULL PRIMARY KEY, repository TEXT NOT NULL, phase TEXT NOT NULL, may_exist BIGINT NOT NULL,
                    expires_at BIGINT, updated_at BIGINT NOT NULL, record TEXT NOT NULL)
                """,
                "CREATE INDEX previews_by_repository ON previews (repository, may_exist)",
                """
                CREATE TABLE preview_deployments (
                    identity TEXT NOT NULL, deployment BIGINT NOT NULL, head TEXT NOT NULL, state TEXT NOT NULL,
                    PRIMARY KEY (identity, deployment))
                """,
                // Who decides about one more environment of a repository holds its row.
                "CREATE TABLE preview_repositories (repository TEXT NOT NULL PRIMARY KEY, decisions BIGINT NOT NULL)",
            ]
        },
        // What the last hourly look found.
        Migration(id: "previews-002-leaks") { _ in
            ["CREATE TABLE preview_leaks (line TEXT NOT NULL PRIMARY KEY, found_at BIGINT NOT NULL)"]
        },
    ]

    /// Leaks that the last hourly look found, a line each; empty is the promise.
    package static func leaks(in transaction: any Transaction) throws -> [String] {
        try transaction.query("SELECT line FROM preview_leaks ORDER BY line LIMIT 1000").map { try $0.text("line") }
    }

    static func set(leaks: [String], at now: Timestamp, in transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM preview_leaks")
        for line in Set(leaks).sorted().prefix(1_000) {
            try transaction.execute(
                "INSERT INTO preview_leaks (line, found_at) VALUES (?, ?)", [.text(line), .integer(now.microseconds)])
        }
    }

    package static func load(_ identity: PreviewIdentity, in transaction: any Transaction) throws -> PreviewRecord? {
        try transaction.query("SELECT record FROM previews WHERE identity = ?", [.text(identity.description)]).first.map(record)
    }

    /// In the order of their identities.
    package static func all(in transaction: any Transaction, limit: Int = 10_000) throws -> [PreviewRecord] {
        try transaction.query("SELECT record FROM previews ORDER BY identity LIMIT ?", [.integer(limit)]).map(record)
    }

    /// How many are in each phase.
    package static func counts(in transaction: any Transaction) throws -> [String: Int] {
        try transaction.query("SELECT phase, COUNT(*) AS n FROM previews GROUP BY phase").reduce(into: [:]) { counts, row in
            counts[try row.text("phase")] = Int(clamping: try row.integer("n"))
        }
    }

    static func waitingForRoom(in repository: String, _ transaction: any Transaction) throws -> [PreviewRecord] {
        let sql = "SELECT record FROM previews WHERE repository = ? AND phase = ? ORDER BY updated_at, identity LIMIT 100"
        return try transaction.query(sql, [.text(repository), .text(Preview.Phase.waitingForRoom.rawValue)]).map(record)
    }

    /// Environments of the repository that may exist, this one left out. From here to the end of the transaction nobody else decides.
    static func others(than identity: PreviewIdentity, in transaction: any Transaction) throws -> Int {
        let sql = """
            INSERT INTO preview_repositories (repository, decisions) VALUES (?, 1)
            ON CONFLICT (repository) DO UPDATE SET decisions = preview_repositories.decisions + 1
            """
        try transaction.execute(sql, [.text(repository(of: identity))])
        let count = "SELECT COUNT(*) AS n FROM previews WHERE repository = ? AND may_exist = 1 AND identity <> ?"
        let values: [SQLValue] = [.text(repository(of: identity)), .text(identity.description)]
        return Int(clamping: try transaction.query(count, values).first?.integer("n") ?? 0)
    }

    static func repository(of identity: PreviewIdentity) -> String { "\(identity.forge.rawValue):\(identity.repository)" }

    static func save(_ record: PreviewRecord, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO previews (identity, repository, phase, may_exist, expires_at, updated_at, record) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (identity) DO UPDATE SET phase = excluded.phase, may_exist = excluded.may_exist,
                expires_at = excluded.expires_at, updated_at = excluded.updated_at, record = excluded.record
            """
        let preview = record.preview
        try transaction.execute(
            sql,
            [
                .text(record.identity.description), .text(repository(of: record.identity)), .text(preview.phase.rawValue),
                .integer(preview.mayExist ? 1 : 0), .integer(preview.expiresAt?.microseconds), .integer(record.updatedAt.microseconds),
                .text(JSONValue(encoding: record).text),
            ])
    }

    private static func record(_ row: Row) throws -> PreviewRecord {
        try JSONValue(parsing: row.text("record").utf8).decoded(as: PreviewRecord.self)
    }

    // MARK: Deployments

    static func deployments(of identity: PreviewIdentity, in transaction: any Transaction) throws -> [PreviewDeployment] {
        let sql = "SELECT deployment, head, state FROM preview_deployments WHERE identity = ? ORDER BY deployment"
        return try transaction.query(sql, [.text(identity.description)]).compactMap { row in
            guard let commit = CommitID(try row.text("head")) else { return nil }
            return PreviewDeployment(id: try row.integer("deployment"), commit: commit, state: try row.text("state"))
        }
    }

    /// Previews with a deployment that was not seen inactive.
    static func shownActive(in transaction: any Transaction) throws -> Set<String> {
        let sql = "SELECT DISTINCT identity FROM preview_deployments WHERE state <> 'inactive'"
        return Set(try transaction.query(sql).map { try $0.text("identity") })
    }

    static func set(_ deployment: PreviewDeployment, of identity: PreviewIdentity, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO preview_deployments (identity, deployment, head, state) VALUES (?, ?, ?, ?)
            ON CONFLICT (identity, deployment) DO UPDATE SET state = excluded.state
            """
        let values: [SQLValue] = [
            .text(identity.description), .integer(deployment.id), .text(deployment.commit.hex), .text(deployment.state),
        ]
        try transaction.execute(sql, values)
    }
}
