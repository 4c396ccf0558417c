import Basics
import FoundationEssentials
import Glibc
import Subprocess
import TestSupport
import Testing

@Suite struct LeftRunningTests {
    private let runner = SystemCommandRunner()

    private func invocation(_ script: String, in folder: TemporaryFolder, deadline: Duration = .seconds(20)) -> Invocation {
        Invocation(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: folder.path, deadline: deadline,
            leftRunning: .init(output: folder.path + "/out", errorOutput: folder.path + "/err"))
    }

    private func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

    @Test func `what a program leaves running when it ends well lives on and can go on writing`() async throws {
        let folder = try TemporaryFolder()
        let done = try await runner.run(invocation("(echo late >&2; exec sleep 300) & echo $!", in: folder))
        let text = String(decoding: done.output, as: UTF8.self)
        let pid = try #require(Int32(text.split(separator: "\n").last ?? ""))
        #expect(isAlive(pid))
        kill(pid, SIGKILL)
    }

    @Test func `what a failed program leaves running is ended`() async throws {
        let folder = try TemporaryFolder()
        let done = try await runner.run(invocation("sleep 300 & echo $!; echo no >&2; exit 3", in: folder))
        #expect(done.ending == .exited(3))
        #expect(String(decoding: done.errorOutput, as: UTF8.self) == "no\n")
        let pid = try #require(Int32(String(decoding: done.output, as: UTF8.self).split(separator: "\n").last ?? ""))
        // Ended, and reaped by whoever inherits orphans: that may take a moment.
        let end = SystemClock().uptime + .seconds(10)
        while isAlive(pid), isRunning(pid), SystemClock().uptime < end { await Task.yield() }
        #expect(!isRunning(pid))
    }

    /// Neither gone nor waiting to be reaped.
    private func isRunning(_ pid: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return false
        }
        return text[end...].split(separator: " ").dropFirst().first != "Z"
    }

    @Test func `the last bytes of each output are given, up to the limits`() async throws {
        let folder = try TemporaryFolder()
        var invocation = invocation("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done", in: folder)
        invocation.outputLimit = 20
        let done = try await runner.run(invocation)
        #expect(String(decoding: done.output, as: UTF8.self) == "line 1998\nline 1999\n")
    }

    @Test func `at the deadline the whole group is ended`() async throws {
        let folder = try TemporaryFolder()
        await #expect(throws: SubprocessError.timedOut(executable: "/bin/sh", after: .milliseconds(300))) {
            try await runner.run(invocation("sleep 600 & sleep 600", in: folder, deadline: .milliseconds(300)))
        }
    }
}
