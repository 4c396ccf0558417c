/// What a body gets: the connection until the body returns, nothing afterwards.
final class PostgreSQLTransaction: Transaction {
    private var connection: PostgreSQLConnection?
    /// The first fault: the server refuses everything after it until the transaction ends, whatever the body makes of it.
    private(set) var fault: PostgreSQLFault?

    init(_ connection: PostgreSQLConnection) {
        self.connection = connection
    }

    func end() { connection = nil }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int { try call { try $0.execute(sql, values) } }
    func query(_ sql: String, _ values: [SQLValue]) throws -> [Row] { try call { try $0.query(sql, values) } }
    func execute(_ sql: String, each values: [[SQLValue]]) throws -> [Int] { try call { try $0.execute(sql, each: values) } }

    private func call<Value>(_ body: (PostgreSQLConnection) throws -> Value) throws -> Value {
        guard let connection else { throw DatabaseError.statement(reason: "a transaction was used after its end") }
        do {
            return try body(connection)
        } catch let caught as PostgreSQLFault {
            fault = fault ?? caught
            throw caught.error
        }
    }
}
