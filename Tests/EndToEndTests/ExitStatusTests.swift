import Basics
import HTTP
import Storage
import Subprocess
import TestSupport
import Testing

/// The real binary's exit statuses where the surroundings are to blame. Source of the numbers: README, "Commands"
@Suite(.serialized) struct ExitStatusTests {
    private func fettle(_ script: String, _ environment: [String: String] = [:], in folder: TemporaryFolder) async throws -> Completion {
        let binary = Repository.root + "/.build/debug/fettle"
        let settings = ["PATH": "/usr/bin:/bin", "FETTLE": binary].merging(environment) { $1 }
        return try await SystemCommandRunner().run(
            Invocation("/bin/bash", ["-c", script], environment: settings, workingDirectory: folder.path, deadline: .seconds(30)))
    }

    @Test func `output that finds no room is status 3 and said on standard error`() async throws {
        let done = try await fettle("\"$FETTLE\" version > /dev/full", in: try TemporaryFolder())
        #expect(done.ending == .exited(3))
        #expect(done.complaint.raw.contains("the output could not be written: No space left on device"))
    }

    @Test func `a database that finds no room is status 3`() async throws {
        // The shell's limit on a file's size stands for a full disk.
        let done = try await fettle(
            "trap '' XFSZ; ulimit -f 16; exec \"$FETTLE\" serve", ["FETTLE_LISTEN": "127.0.0.1:0"], in: try TemporaryFolder())
        #expect(done.ending == .exited(3))
        #expect(done.complaint.raw.contains("the database cannot be written"))
    }

    @Test func `a database that another process holds is status 2 and names the setting`() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(.file(path: folder.path + "/fettle.sqlite"))
        let done = try await fettle("exec \"$FETTLE\" serve", ["FETTLE_LISTEN": "127.0.0.1:0"], in: folder)
        await database.close()
        #expect(done.ending == .exited(2))
        #expect(done.complaint.raw.contains("FETTLE_DATABASE: 'fettle.sqlite' is in use by another process"))
    }

    @Test func `an address that is taken is status 2 and names the setting`() async throws {
        let server = try HTTPServer.start(on: .anyLoopback, handler: Router())
        let done = try await fettle("exec \"$FETTLE\" serve", ["FETTLE_LISTEN": "\(server.address)"], in: try TemporaryFolder())
        await server.stop(within: .zero)
        #expect(done.ending == .exited(2))
        #expect(done.complaint.raw.contains("FETTLE_LISTEN: cannot listen on \(server.address): Address already in use"))
    }
}
