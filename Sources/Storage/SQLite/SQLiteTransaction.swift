/// What a body gets: the connection until the body returns, nothing afterwards.
final class SQLiteTransaction: Transaction {
    private var connection: SQLiteConnection?

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    func end() { connection = nil }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int { try open().execute(sql, values) }
    func query(_ sql: String, _ values: [SQLValue]) throws -> [Row] { try open().query(sql, values) }

    func execute(_ sql: String, each values: [[SQLValue]]) throws -> [Int] {
        let connection = try open()
        return try values.map { try connection.execute(sql, $0) }
    }

    private func open() throws(DatabaseError) -> SQLiteConnection {
        guard let connection else { throw .statement(reason: "a transaction was used after its end") }
        // The body may hide a failure after which the engine took everything back: what follows would commit by itself.
        guard !connection.isIdle else { throw .statement(reason: "the engine took this transaction back after a statement failed") }
        return connection
    }
}
