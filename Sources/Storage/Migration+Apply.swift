/// What both engines do with migrations, inside one transaction that no other process can be in.
enum MigrationTable {
    static let creation = ["CREATE TABLE IF NOT EXISTS fettle_migrations (id TEXT NOT NULL PRIMARY KEY)"]

    /// The one row that `probe` writes.
    static let probeCreation = ["CREATE TABLE IF NOT EXISTS fettle_probe (id BIGINT NOT NULL PRIMARY KEY, turn BIGINT NOT NULL)"]

    static func apply(_ migrations: [Migration], dialect: SQLDialect, in transaction: any Transaction) throws {
        for statement in creation + probeCreation { try transaction.execute(statement) }
        // Ids unknown to us are left alone: a newer version may run beside this one.
        let applied = try Set(transaction.query("SELECT id FROM fettle_migrations").map { try $0.text("id") })
        for migration in migrations where !applied.contains(migration.id) {
            for statement in migration.statements(dialect) { try transaction.execute(statement) }
            try transaction.execute("INSERT INTO fettle_migrations (id) VALUES (?)", [.text(migration.id)])
        }
    }

    static func probe(in transaction: any Transaction) throws {
        let upsert = "INSERT INTO fettle_probe (id, turn) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET turn = fettle_probe.turn + 1"
        try transaction.execute(upsert)
        guard try transaction.query("SELECT turn FROM fettle_probe WHERE id = 1").count == 1 else {
            throw DatabaseError.notWritable(reason: "a row written is not there")
        }
    }
}
