import Basics
import FoundationEssentials
import Glibc
import Synchronization

/// A real PostgreSQL server for the tests of this process; gone when the process is, however it ends.
package final class PostgreSQLServer: Sendable {
    /// Started when first asked for. The reason when there is none: tests say it aloud and skip.
    package static let shared: Result<PostgreSQLServer, Unavailable> = {
        do {
            return .success(try PostgreSQLServer())
        } catch let reason as Unavailable {
            StandardStreams.writeError("SKIPPED: everything about PostgreSQL: \(reason.reason)\n")
            return .failure(reason)
        } catch {
            return .failure(Unavailable(reason: "\(error)"))
        }
    }()

    package static var isAvailable: Bool {
        if case .success = shared { return true }
        return false
    }

    package struct Unavailable: Error {
        package let reason: String
    }

    package let folder: String
    private let process: pid_t
    /// The server ends when the last copy of this descriptor closes.
    private let lifeline: Int32

    /// `settings` as in `fsync=off`.
    package init(settings: [String] = ["fsync=off"]) throws {
        var template = Array("/tmp/fettle-postgresql-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unavailable(reason: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = [Repository.root + "/scripts/postgresql-server", folder] + settings.flatMap { ["-c", $0] }
        let (process, input, output) = try Self.spawn(words)
        self.process = process
        lifeline = input
        let line = Self.firstLine(output)
        guard line == "ready" else {
            close(input)
            waitpid(process, nil, 0)
            throw Unavailable(reason: line.isEmpty ? "the server did not start" : line)
        }
    }

    /// An existing database of the server.
    package func conninfo(database: String = "postgres") -> String { "host=\(folder) user=fettle dbname=\(database)" }

    package func stop() {
        close(lifeline)
        waitpid(process, nil, 0)
        // What cannot be removed stays in the temporary folder: no test depends on it.
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func firstLine(_ descriptor: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    static func spawn(_ words: [String]) throws -> (pid_t, input: Int32, output: Int32) {
        var input: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        guard pipe(&input) == 0, pipe(&output) == 0 else { throw Unavailable(reason: "no pipe") }
        for end in [input[1], output[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        // Whoever waits for the end of our output must not wait for a child that outlives us.
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // Swift's threads block most signals, and a program keeps its maker's mask: it would not hear SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, words[0], &actions, &attributes, arguments, environ)
        close(input[0])
        close(output[1])
        guard code == 0 else { throw Unavailable(reason: "'\(words[0])' cannot be run") }
        return (process, input[1], output[0])
    }
}
