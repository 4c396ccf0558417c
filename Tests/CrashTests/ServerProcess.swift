import Glibc
import TestSupport

/// The real binary as a process of its own.
final class ServerProcess: Sendable {
    struct NotStarted: Error {
        let firstLine: String
    }

    /// `http://HOST:PORT`
    let address: String
    private let process: pid_t

    /// Returns when it listens.
    init(environment: [String: String], log: String) throws {
        var output: [Int32] = [-1, -1]
        guard pipe(&output) == 0 else { throw NotStarted(firstLine: "no pipe") }
        _ = fcntl(output[0], F_SETFD, FD_CLOEXEC)
        defer { close(output[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        let words: [UnsafeMutablePointer<CChar>?] = [Self.binary, "serve"].map { (word: String) in strdup(word) } + [nil]
        let settings: [String] = environment.map { "\($0.key)=\($0.value)" }
        let variables: [UnsafeMutablePointer<CChar>?] = settings.map { (word: String) in strdup(word) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, Self.binary, &actions, nil, words, variables)
        close(output[1])
        guard code == 0 else { throw NotStarted(firstLine: "'\(Self.binary)' cannot be run") }
        self.process = process
        let line = Self.firstLine(output[0])
        guard line.hasPrefix("listening on ") else {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
            throw NotStarted(firstLine: line)
        }
        address = String(line.dropFirst("listening on ".count))
    }

    /// A copy may be named, so that a long run is not disturbed by the next build.
    private static let binary =
        getenv("FETTLE_CRASH_BINARY").map { String(cString: $0) } ?? Repository.root + "/.build/debug/fettle"

    /// Gone from one moment to the next, as in a power cut.
    func killNow() {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Stands still, as on a machine that was frozen; `carryOn` wakes it.
    func freeze() { kill(process, SIGSTOP) }
    func carryOn() { kill(process, SIGCONT) }

    /// Whether it has died by itself; then it is also taken away.
    var isDead: Bool { waitpid(process, nil, WNOHANG) == process }

    /// Asks it to stop in good order; its exit status, or -1 when it had to be killed after the 25 seconds it may take.
    func stop() -> Int32 {
        kill(process, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<3000 {
            if waitpid(process, &status, WNOHANG) == process { return (status >> 8) & 0xff }
            usleep(10_000)
        }
        killNow()
        return -1
    }

    private static func firstLine(_ descriptor: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }
}
