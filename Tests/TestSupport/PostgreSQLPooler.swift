import Basics
import Glibc

/// pgbouncer in transaction mode before a server of its own; gone when the process is, however it ends.
package final class PostgreSQLPooler: Sendable {
    /// Started when first asked for. The reason when there is none: tests say it aloud and skip.
    package static let shared: Result<PostgreSQLPooler, PostgreSQLServer.Unavailable> = {
        do {
            return .success(try PostgreSQLPooler(before: PostgreSQLServer()))
        } catch let reason as PostgreSQLServer.Unavailable {
            StandardStreams.writeError("SKIPPED: PostgreSQL behind a pooler: \(reason.reason)\n")
            return .failure(reason)
        } catch {
            return .failure(PostgreSQLServer.Unavailable(reason: "\(error)"))
        }
    }()

    package static var isAvailable: Bool {
        if case .success = shared { return true }
        return false
    }

    package let server: PostgreSQLServer
    /// Of its socket, port 6432.
    package let folder: String
    /// The pooler ends when the last copy of this descriptor closes.
    private let lifeline: Int32

    init(before server: PostgreSQLServer) throws {
        self.server = server
        folder = server.folder + "/pooler"
        let (process, input, output) = try PostgreSQLServer.spawn([Repository.root + "/scripts/postgresql-pooler", folder, server.folder])
        let line = PostgreSQLServer.firstLine(output)
        guard line == "ready" else {
            close(input)
            waitpid(process, nil, 0)
            throw PostgreSQLServer.Unavailable(reason: line.isEmpty ? "the pooler did not start" : line)
        }
        lifeline = input
    }
}
