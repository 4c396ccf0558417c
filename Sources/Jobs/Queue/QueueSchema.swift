package import Storage

/// The tables of queue, inbox, effects, audit and spend: one list, so that what must commit together lives together.
package enum QueueSchema {
    package static let migrations: [Migration] = [
        Migration(id: "queue-001-deliveries") { dialect in
            [
                """
                CREATE TABLE deliveries (
                    id \(dialect.serialKey), forge TEXT NOT NULL, host TEXT NOT NULL, hook TEXT NOT NULL, delivery_id TEXT NOT NULL,
                    event TEXT NOT NULL, body \(dialect.bytes) NOT NULL, state TEXT NOT NULL, reason TEXT, repeats BIGINT NOT NULL,
                    received_at BIGINT NOT NULL, settled_at BIGINT, UNIQUE (forge, host, hook, delivery_id))
                """,
                "CREATE INDEX deliveries_pending ON deliveries (id) WHERE state = 'pending'",
            ]
        },
        Migration(id: "queue-002-jobs") { _ in
            [
                """
                CREATE TABLE jobs (
                    id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, lane TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL,
                    attempt BIGINT NOT NULL, max_attempts BIGINT NOT NULL, losses BIGINT NOT NULL, fence BIGINT NOT NULL,
                    run_at BIGINT NOT NULL, open_needs BIGINT NOT NULL, unique_key TEXT, concurrency_key TEXT, priority BIGINT NOT NULL,
                    delivery BIGINT, owner TEXT, beat BIGINT NOT NULL, created_at BIGINT NOT NULL, ended_at BIGINT, last_error TEXT)
                """,
                """
                CREATE INDEX jobs_waiting ON jobs (lane, priority DESC, run_at, id)
                WHERE state IN ('available', 'scheduled', 'retrying')
                """,
                "CREATE INDEX jobs_running ON jobs (owner) WHERE state = 'running'",
                // The rules themselves: whatever the code does, two jobs of one key never run, and one open job has a unique key.
                "CREATE UNIQUE INDEX jobs_one_running ON jobs (concurrency_key) WHERE state = 'running'",
                """
                CREATE UNIQUE INDEX jobs_unique_open ON jobs (unique_key)
                WHERE state IN ('available', 'scheduled', 'retrying', 'running')
                """,
                "CREATE INDEX jobs_by_unique_key ON jobs (unique_key)",
                "CREATE INDEX jobs_by_concurrency_key ON jobs (concurrency_key)",
                "CREATE INDEX jobs_by_delivery ON jobs (delivery)",
                "CREATE INDEX jobs_ended ON jobs (ended_at)",
                """
                CREATE TABLE job_needs (
                    job TEXT NOT NULL, needs TEXT NOT NULL, if_fails TEXT NOT NULL, is_open BIGINT NOT NULL, PRIMARY KEY (job, needs))
                """,
                "CREATE INDEX job_needs_by_need ON job_needs (needs)",
                """
                CREATE TABLE recurring_jobs (
                    name TEXT NOT NULL PRIMARY KEY, next_at BIGINT NOT NULL)
                """,
            ]
        },
        Migration(id: "queue-003-effects") { _ in
            [
                """
                CREATE TABLE effects (
                    stable_key TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL,
                    remote_id TEXT, confirmed_digest TEXT, job TEXT, fence BIGINT NOT NULL, sends BIGINT NOT NULL,
                    sent_at BIGINT, confirmed_at BIGINT, last_error TEXT)
                """,
                "CREATE INDEX effects_by_job ON effects (job)",
                "CREATE TABLE keys (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
            ]
        },
        Migration(id: "queue-004-audit-spend") { dialect in
            [
                """
                CREATE TABLE audit (
                    id \(dialect.serialKey), at BIGINT NOT NULL, job TEXT, action TEXT NOT NULL, subject TEXT NOT NULL,
                    detail TEXT NOT NULL, seal BIGINT)
                """,
                "CREATE INDEX audit_unsealed ON audit (id) WHERE seal IS NULL",
                "CREATE INDEX audit_by_job ON audit (job)",
                """
                CREATE TABLE spend (
                    id \(dialect.serialKey), at BIGINT NOT NULL, job TEXT, repository TEXT NOT NULL, model TEXT NOT NULL,
                    prompt_tokens BIGINT NOT NULL, completion_tokens BIGINT NOT NULL, micros BIGINT NOT NULL)
                """,
                "CREATE INDEX spend_by_repository ON spend (repository, at)",
            ]
        },
        Migration(id: "queue-005-audit-chain") { _ in
            [
                "ALTER TABLE audit ADD COLUMN chain TEXT",
                "CREATE INDEX audit_by_seal ON audit (seal, id)",
                """
                CREATE TABLE audit_head (
                    id BIGINT NOT NULL PRIMARY KEY, seal BIGINT NOT NULL, sealed BIGINT NOT NULL, chain TEXT NOT NULL)
                """,
                "INSERT INTO audit_head (id, seal, sealed, chain) VALUES (1, 0, 0, '\(AuditChain.start)')",
                """
                CREATE TABLE audit_checkpoints (
                    seal BIGINT NOT NULL PRIMARY KEY, sealed BIGINT NOT NULL, chain TEXT NOT NULL, signature TEXT NOT NULL)
                """,
            ]
        },
    ]

    /// What a backup that is put back must say of itself: what was done after it is not in its rows.
    package static func markRestored(in transaction: any Transaction) throws {
        try transaction.execute("INSERT INTO keys (name, value) VALUES ('restored', 'yes') ON CONFLICT (name) DO NOTHING")
    }

    /// What `LISTEN` and `NOTIFY` speak of.
    enum Channel {
        static let deliveries = "fettle_deliveries"
        static let jobs = "fettle_jobs"
        /// Jobs that run were cancelled or superseded.
        static let stopped = "fettle_stopped"
    }
}
