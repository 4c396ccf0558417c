import Basics
import Forge
import HTTP
import Jobs
import SandboxForge
import Synchronization
import TestSelection
import TestSupport
import Testing

@testable import fettle

/// Recorded runs in a server's database: from a CI step's command line to what stands on the forge.
@Suite(.serialized) struct TestsFlowTests {
    static let token = "a-token-of-the-tests"
    private static let settings = ["FETTLE_TESTS_TOKEN": token]
    private static let names = ["alpha", "beta", "gamma", "delta"]

    /// A repository with four tests, and the command line beside a running server.
    private struct Step: Sendable {
        let scratch: ScratchRepository
        let base: String
        let folder: TemporaryFolder
        let stage: Stage

        init(_ stage: Stage) async throws {
            self.stage = stage
            scratch = try await ScratchRepository()
            folder = try TemporaryFolder()
            var files: [String: String?] = ["pyproject.toml": "[tool.pytest.ini_options]\n"]
            for name in names {
                files["shop/\(name).py"] = "def \(name)():\n    return 1\n"
                files["tests/test_\(name).py"] = "from shop.\(name) import \(name)\n\ndef test_\(name)():\n    assert \(name)() == 1\n"
            }
            base = try await scratch.commit("Start", files)
        }

        func run(_ words: [String], at address: ListenAddress, token: String = TestsFlowTests.token) async -> (
            status: ExitCode, output: String, error: String
        ) {
            let told = Mutex((output: "", error: ""))
            let context = CommandContext(
                environment: ["FETTLE_TESTS_TOKEN": token], useColour: false,
                output: { text in told.withLock { $0.output += text } }, errorOutput: { text in told.withLock { $0.error += text } },
                clock: SystemClock(), random: SystemRandom())
            let repository = stage.pull.repository
            let server = [
                "--repo", scratch.path, "--server", "http://127.0.0.1:\(address.port)", "--repository",
                "\(repository.forge.rawValue):\(repository.name)",
            ]
            let status = await CommandRegistry.run(["tests"] + Array(words.prefix(1)) + server + Array(words.dropFirst()), in: context)
            return (status, told.withLock { $0.output }, told.withLock { $0.error })
        }

        func record(
            _ router: Router, at address: ListenAddress, failing: Set<String> = [], slow: Set<String> = [], tests: [String] = names,
            _ more: [String] = []
        ) async throws {
            let cases = tests.map {
                "<testcase classname=\"tests.test_\($0)\" name=\"test_it\" time=\"\(slow.contains($0) ? 90 : 10)\">\(failing.contains($0) ? "<failure/>" : "")</testcase>"
            }
            try folder.write("report.xml", "<testsuite>\(cases.joined())</testsuite>")
            let (status, output, error) = await run(["record"] + more + ["\(folder.path)/report.xml"], at: address)
            #expect(status == .done, "\(output)\(error)")
            try await stage.settle(router)
        }

        func select(_ router: Router, at address: ListenAddress, _ more: [String] = []) async throws -> String {
            let budget = ["--base", "HEAD~1", "--observe-first", "0", "--whole-run-every", "0", "--target", "30%"]
            let (status, output, error) = await run(["select"] + budget + more, at: address)
            #expect(status == .done && error.isEmpty, "\(error)")
            try await stage.settle(router)
            return output
        }
    }

    private func serve(_ stage: Stage, _ body: @escaping @Sendable (Step, Router, ListenAddress) async throws -> Void) async throws {
        try await stage.perform { router in
            let server = try HTTPServer.start(on: .anyLoopback, handler: router)
            do { try await body(try await Step(stage), router, server.address) } catch {
                await server.stop(within: .seconds(1))
                throw error
            }
            await server.stop(within: .seconds(1))
        }
    }

    @Test func `what is chosen and why, what came of it, and what was missed stand on the forge`() async throws {
        let stage = try Stage(settings: Self.settings)
        let head = try #require(stage.forge.head(of: "currency", in: stage.pull.repository.name))
        try await serve(stage) { step, router, address in
            for _ in 0..<3 { try await step.record(router, at: address) }
            try await step.scratch.commit("Change", ["shop/alpha.py": "def alpha():\n    return 2 - 1\n"])
            let chosen = try await step.select(router, at: address, ["--shown-on", head.hex])
            #expect(chosen.contains("# 1 of 4 tests"), "\(chosen)")
            let check = try #require(stage.checks.first { $0.name == KeepTests.checkName })
            #expect(check.commit == head && check.conclusion == "success")
            #expect(check.summary.contains("### What to run") && check.summary.contains("saved"), "\(check.summary)")
            #expect(check.summary.contains("`tests/test_alpha.py`"))
            #expect(check.summary.contains("pytest tests/test_alpha.py"), "\(check.summary)")

            // Its own run is green; the next whole run finds what it left out.
            try await step.record(router, at: address, tests: ["alpha"], ["--partial", "--shown-on", head.hex])
            #expect(stage.checks.count { $0.name == KeepTests.checkName } == 1, "one check for a commit, edited in place")
            #expect(stage.checks.last?.summary.contains("### What ran") == true)
            #expect(stage.forge.issues(in: stage.pull.repository.name).isEmpty)
            try await step.record(router, at: address, failing: ["gamma"], ["--shown-on", head.hex])
            let issue = try #require(stage.forge.issues(in: stage.pull.repository.name).first)
            #expect(issue.title == "Missed by selection: tests/test_gamma.py", "\(issue.title)")
            #expect(issue.labels == [KeepTests.issueLabel] && issue.body.contains("What spoke for it"))
            #expect(stage.checks.last?.conclusion == "neutral" && stage.checks.last?.title.contains("1 missed by selection") == true)

            try await step.record(router, at: address, failing: ["gamma"], ["--shown-on", head.hex])
            #expect(stage.forge.issues(in: stage.pull.repository.name).count == 1, "a failure that is known is no second miss")
            let report = await step.run(["report"], at: address)
            #expect(report.output.contains("missed by selection:\n  tests/test_gamma.py"), "\(report.output)\(report.error)")
        }
    }

    @Test func `a repository's first thirty runs are observed, and the check says so`() async throws {
        let stage = try Stage(settings: Self.settings)
        let head = try #require(stage.forge.head(of: "currency", in: stage.pull.repository.name))
        try await serve(stage) { step, router, address in
            try await step.record(router, at: address)
            try await step.scratch.commit("Change", ["shop/alpha.py": "def alpha():\n    return 2 - 1\n"])
            let words = ["select", "--base", "HEAD~1", "--target", "1%", "--shown-on", head.hex, "--format", "command"]
            #expect(await step.run(words, at: address).status == .done)
            try await stage.settle(router)
            let check = try #require(stage.checks.first { $0.name == KeepTests.checkName })
            #expect(check.title.hasPrefix("observing: everything runs") && check.summary.contains("would be chosen"))
        }
    }

    @Test func `answers that are lost lead to no second check, no second issue, and nothing learnt twice`() async throws {
        let stage = try Stage(settings: Self.settings)
        let head = try #require(stage.forge.head(of: "currency", in: stage.pull.repository.name))
        try await serve(stage) { step, router, address in
            for _ in 0..<2 { try await step.record(router, at: address) }
            try await step.scratch.commit("Change", ["shop/alpha.py": "def alpha():\n    return 2 - 1\n"])
            _ = try await step.select(router, at: address)
            for path in ["/check-runs", "/issues"] {
                stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: path))
            }
            try await step.record(router, at: address, failing: ["gamma"], ["--shown-on", head.hex])
            #expect(stage.checks.count { $0.name == KeepTests.checkName && $0.commit == head } == 1)
            #expect(stage.forge.issues(in: stage.pull.repository.name).count == 1)
            let report = await step.run(["report"], at: address)
            #expect(report.output.contains("3 recorded runs, 1 of them red"), "\(report.output)")
        }
    }

    @Test func `the check names changed lines that no test ran through, and tests that got slower`() async throws {
        let stage = try Stage(settings: Self.settings)
        let head = try #require(stage.forge.head(of: "currency", in: stage.pull.repository.name))
        try await serve(stage) { step, router, address in
            for _ in 0..<9 { try await step.record(router, at: address) }
            try await step.scratch.commit("Change", ["shop/alpha.py": "def alpha():\n    return 2 - 1\n"])
            try step.folder.write("lcov.info", "SF:shop/alpha.py\nDA:1,3\nDA:2,0\nend_of_record\n")
            let words = ["--shown-on", head.hex, "--base", "HEAD~1", "--coverage", "\(step.folder.path)/lcov.info"]
            try await step.record(router, at: address, slow: ["beta"], words)
            let check = try #require(stage.checks.first { $0.commit == head })
            #expect(
                check.summary.contains("### Coverage of the change") && check.summary.contains("|`shop/alpha.py`|2|"), "\(check.summary)")
            #expect(check.summary.contains("|`tests/test_beta.py`|10.0 s|90 s|this run|") || check.summary.contains("`tests/test_beta.py`"))
            #expect(check.summary.contains("▁█") && check.title.contains("1 slower"), "\(check.title)")
        }
    }

    @Test func `a benchmark that got slower is on the check, beside the tests of the same commit`() async throws {
        let stage = try Stage(settings: Self.settings)
        let head = try #require(stage.forge.head(of: "currency", in: stage.pull.repository.name))
        try await serve(stage) { step, router, address in
            func measure(_ nanoseconds: Double, _ words: [String] = []) async throws {
                try step.folder.write("bench.txt", "pkg: example.org/shop\nBenchmarkPrice-4  1000  \(nanoseconds) ns/op\n")
                let told = await step.run(["record", "\(step.folder.path)/bench.txt"] + words, at: address)
                #expect(told.status == .done && told.output.contains("1 benchmark"), "\(told.output)\(told.error)")
                try await stage.settle(router)
            }
            for count in 0..<10 { try await measure(100 + Double(count % 3)) }
            try await step.record(router, at: address, ["--shown-on", head.hex])
            try await measure(250, ["--shown-on", head.hex])
            let check = try #require(stage.checks.last { $0.commit == head })
            #expect(check.title.contains("4 passed, 1 benchmark slower"), "\(check.title)")
            #expect(check.summary.contains("|`example.org/shop.BenchmarkPrice`|101 ns|250 ns|this run|"), "\(check.summary)")
        }
    }

    @Test func `on Gitea the issue stands too, and a message that comes twice is taken once`() async throws {
        let stage = try Stage(on: .gitea, settings: Self.settings)
        try await stage.perform { router in
            let repository = stage.pull.repository
            var history = RunHistory()
            let units = ["a", "b"].map { "tests/test_\($0).py" }
            func run(_ failing: String?) -> RecordedRun {
                let cases = units.map { unit in
                    ReportedCase(group: "", name: "x", file: unit, verdict: unit == failing ? .failed : .passed, seconds: 1)
                }
                return RecordedRun(
                    TestReport(cases: cases), commit: "c", branch: "main", isWhole: true, location: CaseLocation(tests: units))
            }
            for count in 0..<2 {
                let message = TestRunMessage(id: "message-\(count)", repository: repository, commit: nil, run: run(nil))
                for _ in 0..<2 { #expect(await Self.post("/tests/runs", message, router) == 202) }
                history.add(run(nil))
            }
            try await stage.settle(router)
            let bytes = await Self.get("/tests/history/gitea/\(repository.name)", router)
            #expect(try RunHistory(parsing: bytes.bytes).recorded == 2)
        }
    }

    @Test func `without the token nothing is taken or given, and what is no message is refused with the reason`() async throws {
        let stage = try Stage(settings: Self.settings)
        try await stage.perform { router in
            #expect(await Self.get("/tests/history/github/octo/demo", router, token: nil).status == 401)
            #expect(await Self.get("/tests/history/github/octo/demo", router, token: "another").status == 401)
            #expect(await Self.get("/tests/history/github/octo/demo", router).status == 404)
            #expect(await Self.get("/tests/history/sourceforge/octo/demo", router).status == 400)
            for body: JSONValue in [[:], ["version": 1], [], "x", ["version": 1, "id": "12345678", "repository": "nowhere", "run": [:]]] {
                let (status, error) = await Self.refusal("/tests/runs", body, router)
                #expect(status == 400 && !error.isEmpty)
            }
            #expect(await Self.refusal("/tests/runs", [:], router, token: "another").status == 401)
        }
        let closed = try Stage()
        try await closed.perform { router in #expect(await Self.get("/tests/history/github/octo/demo", router).status == 404) }
    }

    // MARK: Asking

    private static func send(_ method: HTTPMethod, _ path: String, _ body: [UInt8], _ router: Router, token: String?) async -> HTTPResponse
    {
        let headers: HTTPHeaders = token.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        return await router.respond(to: HTTPRequest(method: method, path: path, headers: headers, body: body))
    }

    private static func get(_ path: String, _ router: Router, token: String? = token) async -> HTTPResponse {
        await send(.get, path, [], router, token: token)
    }

    private static func post(_ path: String, _ message: some Encodable, _ router: Router) async -> Int {
        await send(.post, path, JSONValue(encoding: message).serialized(), router, token: token).status
    }

    private static func refusal(
        _ path: String, _ body: JSONValue, _ router: Router, token: String? = token
    ) async -> (status: Int, error: String) {
        let response = await send(.post, path, body.serialized(), router, token: token)
        return (response.status, (try? JSONValue(parsing: response.bytes))?["error"]?.string ?? "")
    }
}
