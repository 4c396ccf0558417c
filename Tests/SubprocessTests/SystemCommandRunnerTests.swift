import Basics
import Subprocess
import Testing

@Suite struct SystemCommandRunnerTests {
    private let runner = SystemCommandRunner()

    private func shell(_ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"], deadline: Duration = .seconds(20))
        -> Invocation
    {
        Invocation("/bin/sh", ["-c", script], environment: environment, deadline: deadline)
    }

    @Test func `arguments reach the program as they are, whatever they hold`() async throws {
        let words = ["$(id)", "a b", "", "'\"", "*", "--", "é"]
        let done = try await runner.run(Invocation("/usr/bin/printf", ["%s\\n"] + words))
        #expect(String(decoding: done.output, as: UTF8.self) == words.map { $0 + "\n" }.joined())
        #expect(done.ending == .exited(0))
    }

    @Test func `the environment is the one given and nothing else`() async throws {
        let done = try await runner.run(Invocation("/usr/bin/env", [], environment: ["ONLY": "this"]))
        #expect(String(decoding: done.output, as: UTF8.self) == "ONLY=this\n")
    }

    @Test func `a program is looked up in the path it is given, not in ours`() async {
        await #expect(throws: SubprocessError.notFound(executable: "env")) {
            try await runner.run(Invocation("env", [], environment: ["PATH": "/nonexistent"]))
        }
        await #expect(throws: SubprocessError.self) { try await runner.run(Invocation("./env", [])) }
    }

    @Test func `input larger than a pipe comes back whole`() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let done = try await runner.run(Invocation("/bin/cat", [], input: bytes))
        #expect(done.output == bytes)
    }

    @Test func `a program that does not read its input does not hurt us`() async throws {
        let done = try await runner.run(Invocation("/bin/true", [], input: [UInt8](repeating: 7, count: 1_000_000)))
        #expect(done.ending == .exited(0))
    }

    @Test func `exit status and signal are told apart`() async throws {
        #expect(try await runner.run(shell("exit 7")).ending == .exited(7))
        #expect(try await runner.run(shell("kill -9 $$")).ending == .signalled(9))
    }

    @Test func `at the deadline the whole group is ended`() async throws {
        let started = SystemClock().uptime
        await #expect(throws: SubprocessError.timedOut(executable: "/bin/sh", after: .milliseconds(200))) {
            try await runner.run(shell("trap '' TERM; sleep 600 & sleep 600", deadline: .milliseconds(200)))
        }
        #expect(SystemClock().uptime - started < .seconds(60))
    }

    @Test func `cancelling the task ends the program`() async throws {
        let started = SystemClock().uptime
        let task = Task { try await runner.run(shell("sleep 600")) }
        task.cancel()
        await #expect(throws: SubprocessError.cancelled(executable: "/bin/sh")) { try await task.value }
        #expect(SystemClock().uptime - started < .seconds(60))
    }

    @Test func `what the program leaves in the background neither delays us nor survives`() async throws {
        let done = try await runner.run(shell("sleep 61 & echo $!"))
        let left = String(decoding: done.output, as: UTF8.self).dropLast()
        #expect(done.ending == .exited(0))
        let check = try await runner.run(shell("grep -q 'State:.[SR] ' /proc/\(left)/status 2>/dev/null"))
        #expect(!check.succeeded)
    }

    @Test func `what leaves the group and keeps the pipes open costs a second and no more`() async throws {
        let started = SystemClock().uptime
        let done = try await runner.run(shell("setsid sleep 100 & echo here"))
        #expect(done.output == Array("here\n".utf8))
        #expect(SystemClock().uptime - started < .seconds(60))
    }

    @Test func `too much output is an error and too many complaints are cut and counted`() async throws {
        var loud = shell("yes | head -c 100000")
        loud.outputLimit = 1000
        await #expect(throws: SubprocessError.outputTooLarge(executable: "/bin/sh", limit: 1000)) { try await runner.run(loud) }
        var complaining = shell("yes | head -c 100000 >&2")
        complaining.errorOutputLimit = 1000
        let done = try await runner.run(complaining)
        #expect(done.errorOutput.count == 1000)
        #expect(done.errorOutputDropped == 99_000)
    }

    @Test func `the child has no descriptor above 2, no blocked and no ignored signal`() async throws {
        let done = try await runner.run(shell("ls /proc/self/fd; grep -E '^Sig(Blk|Ign)' /proc/self/status"))
        let lines = String(decoding: done.output, as: UTF8.self).split(separator: "\n")
        // Descriptor 3 is the directory that `ls` itself reads.
        #expect(lines.prefix { !$0.hasPrefix("Sig") } == ["0", "1", "2", "3"])
        #expect(lines.contains("SigBlk:\t0000000000000000"))
        let ignored = lines.first { $0.hasPrefix("SigIgn") }.flatMap { UInt64($0.suffix(16), radix: 16) }
        // 32 and 33 are the C library's own: nobody can set them, and some container runtimes start everything with them ignored.
        let ofTheLibrary: UInt64 = 0b11 << 31
        #expect(try #require(ignored) & ~ofTheLibrary == 0)
    }

    @Test func `the working directory is the one given`() async throws {
        var invocation = Invocation("/bin/pwd", [])
        invocation.workingDirectory = "/usr/share"
        #expect(try await runner.run(invocation).output == Array("/usr/share\n".utf8))
        invocation.workingDirectory = "/no/such"
        await #expect(throws: SubprocessError.self) { try await runner.run(invocation) }
    }

    @Test func `a NUL byte in an argument is refused before anything starts`() async {
        await #expect(throws: SubprocessError.self) { try await runner.run(Invocation("/bin/echo", ["a\0b"])) }
    }

    @Test func `sixty programs at once all come back`() async throws {
        let count = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let done = try await runner.run(Invocation("/bin/echo", ["\(number)"]))
                    return done.output == Array("\(number)\n".utf8)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(count == 60)
    }
}
