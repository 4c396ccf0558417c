import Dispatch

/// One place in the pool: a connection made when first needed and made again when lost, on a queue of its own.
///
/// Safe to share: the connection is touched on `queue` only.
final class PostgreSQLSession: @unchecked Sendable {
    enum Access {
        case write, read, migrate

        /// No session setting outlives the transaction, so a transaction pooler may sit between.
        /// A server that was told not to wait for its disk is overruled: what we acknowledge is stored.
        var begin: String {
            switch self {
            case .write:
                """
                BEGIN; SET LOCAL statement_timeout = 10000; SET LOCAL lock_timeout = 5000;
                SET LOCAL idle_in_transaction_session_timeout = 30000;
                SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'
                """
            // One process changes the schema while the others wait for it.
            case .migrate:
                """
                BEGIN; SET LOCAL statement_timeout = 600000; SET LOCAL lock_timeout = 600000;
                SET LOCAL idle_in_transaction_session_timeout = 600000
                """
            case .read:
                """
                BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 30000;
                SET LOCAL idle_in_transaction_session_timeout = 60000
                """
            }
        }
    }

    private static let mostRuns = 12

    let queue: DispatchQueue
    private let conninfo: String
    private var connection: PostgreSQLConnection?

    init(_ conninfo: String, number: Int) {
        self.conninfo = conninfo
        queue = DispatchQueue(label: "fettle.postgresql.\(number)")
    }

    /// Runs one body to its commit. The error is set when nothing can be reached, so that others need not wait for the same.
    func perform(_ body: any PendingWrite, _ access: Access) -> DatabaseError? {
        var run = 0
        while true {
            run += 1
            do {
                let connection = try connected()
                try transact(body, access, on: connection)
                body.settle()
                return nil
            } catch let fault as PostgreSQLFault {
                if fault.isConnectionLost { connection = nil }
                // A lost connection is tried once more: the server may have been restarted while we were idle.
                let mayRunAgain = fault.isConflict ? run < Self.mostRuns : fault.isConnectionLost && run < 2
                if mayRunAgain { continue }
                body.fail(fault.error)
                if fault.isConnectionLost { return fault.error }
                return nil
            } catch {
                body.fail(error)
                return nil
            }
        }
    }

    func disconnect() { connection = nil }

    private func connected() throws -> PostgreSQLConnection {
        if let connection, connection.isHealthy { return connection }
        connection = nil
        let fresh = try PostgreSQLConnection(conninfo)
        connection = fresh
        return fresh
    }

    /// A body that threw is settled with its own error; one whose transaction the server broke is not settled, but thrown about.
    private func transact(_ body: any PendingWrite, _ access: Access, on connection: PostgreSQLConnection) throws {
        try connection.run(access.begin)
        let transaction = PostgreSQLTransaction(connection)
        let threw = body.run(in: transaction)
        transaction.end()
        if let fault = transaction.fault, fault.isConflict || fault.isConnectionLost {
            if connection.isHealthy { try connection.run("ROLLBACK") }
            throw fault
        }
        if threw { return try connection.run("ROLLBACK") }
        if let fault = transaction.fault {
            // The body swallowed an error; the server did not, and a COMMIT would silently be a ROLLBACK.
            try connection.run("ROLLBACK")
            throw fault
        }
        do {
            try connection.run("COMMIT")
        } catch let fault as PostgreSQLFault where fault.isConnectionLost {
            // Whether it took effect is not known, so it must not be run again here.
            self.connection = nil
            throw fault.error
        }
    }
}
