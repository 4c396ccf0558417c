import Basics
import Forge
import HTTP
import SandboxForge
import TestSelection
import TestSupport
import Testing

@testable import fettle

/// From a finished run to the issues that stand.
@Suite(.serialized) struct FailureFlowTests {
    static let forges: [ForgeKind] = [.github, .gitea]

    @Test(arguments: forges) func `a failure opens one issue that quotes its cause, a repeat edits it, a green run closes it`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", FailingLog.compile)]), router)
            let opened = try #require(stage.issues.first)
            #expect(stage.issues.count == 1)
            #expect(opened.isOpen)
            #expect(opened.title.contains("expected ';' before '}' token"))
            #expect(opened.body.contains("src/a.c:3:5: error"))
            #expect(opened.labels == ["ci-failure"])

            try await stage.tell(try stage.run([("build", FailingLog.compile)], on: "release"), router)
            #expect(stage.issues.count == 1)
            #expect(stage.issues.first?.body.contains("|failed runs|2|") == true)
            #expect(stage.issues.first?.body.contains("`release`") == true)
            #expect(stage.comments(opened.number).isEmpty, "at most one comment a day")

            try await stage.tell(try stage.run([("build", nil)], on: "release"), router)
            #expect(stage.issues.first?.isOpen == true, "main is still broken")
            let head = try #require(stage.forge.head(of: "main", in: stage.name))
            try await stage.tell(try stage.run([("build", nil)]), router)
            #expect(stage.issues.map(\.isOpen) == [false])
            #expect(stage.issues.first?.body.contains(String(head.hex.prefix(12))) == true)
            #expect(stage.comments(opened.number).count == 1)
        }
    }

    @Test(arguments: forges) func `tests that a failing log names are in the history of tests, and pass there when the job is green again`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind, settings: ["FETTLE_TESTS_TOKEN": "a-token-of-the-tests"])
        try await stage.perform { router in
            @Sendable func history() async throws -> RunHistory {
                var request = HTTPRequest(method: .get, path: "/tests/history/\(kind.rawValue)/octo/shop")
                request.headers.add("Authorization", "Bearer a-token-of-the-tests")
                let response = await router.respond(to: request)
                return response.status == 404 ? RunHistory() : try RunHistory(parsing: response.bytes)
            }
            let timed = FailingLog.test.replacing("1 failed,", with: "--- FAIL: TestParse (0.12s)\n1 failed,")
            let red = try stage.run([("test", timed), ("build", nil)])
            try await stage.tell(red, router, id: "first")
            var known = try await history()
            #expect(known.sessions.map { known.failed(in: $0).map(\.name).sorted() } == [["TestParse", "tests/test_orders.py"]])
            #expect(known.sessions.first?.branch == "main" && known.sessions.first?.isWhole == false)
            #expect(known.lastSeconds[TestID("TestParse")] == 0.12)

            try await stage.tell(red, router, id: "first")
            try await stage.tell(try stage.run([("test", timed)], on: "release", fork: RepositoryName("eve/shop")), router)
            known = try await history()
            #expect(known.sessions.count == 1, "a repeated delivery and a fork teach nothing")

            try await stage.tell(try stage.run([("lint", nil)]), router)
            known = try await history()
            #expect(known.sessions.count == 1, "another job's success says nothing of them")
            try await stage.tell(try stage.run([("test", nil), ("build", nil)]), router)
            known = try await history()
            #expect(known.sessions.count == 2)
            #expect(known.sessions.last.map { known.ran(in: $0).map(\.name).sorted() } == ["TestParse", "tests/test_orders.py"])
            #expect(known.sessions.last.map { known.failed(in: $0) } == [])
        }
    }

    @Test(arguments: forges)
    func `what the job's last success printed too is not told as the cause, and a told cause asks for nothing more`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            let noise = "ERROR: cannot reach the cache server"
            let success = "##[group]Run make\nmake\n##[endgroup]\n\(noise)\nbuilt\n"
            let green = stage.forge.addRun("CI", on: "main", of: stage.name, conclusion: "success", jobs: [("build", "success", success)])
            try await stage.tell(try #require(green), router)
            let log = """
                ##[group]Run make
                make
                ##[endgroup]
                \(noise)
                config/app.ini: key 'port' is missing
                stopped
                ##[error]Process completed with exit code 1.

                """
            try await stage.tell(try stage.run([("build", log)]), router)
            #expect(stage.issues.count == 1)
            #expect(stage.issues.first?.title.contains("key 'port' is missing") == true, "\(stage.issues.first?.title ?? "")")
            let before = stage.forge.requests.count { $0.path.hasSuffix("/logs") }
            try await stage.tell(try stage.run([("build", log)], on: "main"), router)
            #expect(stage.issues.count == 1)
            #expect(stage.forge.requests.count { $0.path.hasSuffix("/logs") } == before + 1, "its own log alone")
        }
    }

    @Test(arguments: forges) func `a thousand deliveries of one failure, at once and replayed, are one issue that counts one run`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            let run = try stage.run([("build", FailingLog.compile)])
            for turn in 0..<10 {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<50 {
                        // Half of them under one id, as a replay comes; half under ids of their own, as two hooks send.
                        let id = number % 2 == 0 ? "same" : "own-\(turn)-\(number)"
                        group.addTask { try await stage.deliver(run, id: id, to: router).status }
                    }
                    for try await status in group { #expect((200..<300).contains(status)) }
                }
            }
            try await stage.settle(router)
            let writes = stage.writes
            for number in 0..<500 { try await stage.deliver(run, id: number % 2 == 0 ? "same" : "late-\(number)", to: router) }
            try await stage.settle(router)
            #expect(stage.issues.count == 1)
            #expect(stage.issues.first?.body.contains("|failed runs|1|") == true)
            #expect(stage.writes == writes, "replays write nothing")
        }
    }

    @Test(arguments: forges) func `an issue names deployments shortly before and pull requests merged since the last success`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", nil)]), router)
            let now = SystemClock().now
            stage.forge.addDeployment(of: "main", to: "production", in: stage.name, at: now - .seconds(600))
            stage.forge.addDeployment(of: "main", to: "yesterday", in: stage.name, at: now - .seconds(86_400))
            stage.forge.push(to: "main", of: stage.name, changes: ["src/a.c": "int b\n"], message: "Merge pull request #17 from x/y")
            try await stage.tell(try stage.run([("build", FailingLog.compile)]), router)
            let body = try #require(stage.issues.first?.body)
            #expect(body.contains("pull request 17 was merged since the last success"), "\(body)")
            #expect(body.contains("was deployed to production") == (kind == .github), "Gitea keeps no deployments")
            #expect(!body.contains("yesterday"))
        }
    }

    @Test(arguments: forges) func `a redelivered run sends nothing, and a log is fetched without our credential`(kind: ForgeKind)
        async throws
    {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            let run = try stage.run([("build", FailingLog.compile)])
            try await stage.tell(run, router, id: "d1")
            let writes = stage.writes
            try await stage.tell(run, router, id: "d1")
            try await stage.tell(run, router, id: "d2")
            #expect(stage.writes == writes)
        }
        #expect(stage.issues.count == 1)
        let fetched = stage.client.requests.filter { $0.url.contains("/blobs/") }
        #expect(fetched.isEmpty == (kind == .gitea))
        #expect(fetched.allSatisfy { $0.headers["Authorization"] == nil })
    }

    @Test(arguments: forges) func `cancelled runs change nothing, and successes cost no call while nothing is broken`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", FailingLog.compile)], conclusion: "cancelled"), router)
            try await stage.tell(try stage.run([("build", nil)]), router)
        }
        #expect(stage.issues.isEmpty)
        // Asking for lost deliveries belongs to the start.
        #expect(stage.forge.requests.allSatisfy { $0.path.hasSuffix("/hook/deliveries") })
    }

    @Test(arguments: forges) func `two jobs with one cause are one issue, one job with two causes is two`(kind: ForgeKind) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            try await stage.tell(try stage.run([("linux", FailingLog.compile), ("macos", FailingLog.compile)]), router)
            #expect(stage.issues.count == 1)
            try await stage.tell(try stage.run([("linux", FailingLog.both), ("macos", nil)]), router)
            #expect(stage.issues.map(\.isOpen) == [true, true])
            try await stage.tell(try stage.run([("linux", nil), ("macos", nil)]), router)
            #expect(stage.issues.map(\.isOpen) == [false, false])
        }
    }

    @Test(arguments: forges) func `a rerun that passes closes the issue and says that it was flaky, a later failure reopens it`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            let run = try stage.run([("test", FailingLog.test)])
            try await stage.tell(run, router)
            stage.rerun(run, [("test", nil)])
            try await stage.tell(run, router)
            #expect(stage.issues.map(\.isOpen) == [false])
            #expect(stage.issues.first?.body.contains("passed 1 time on a retry") == true)
            try await stage.tell(try stage.run([("test", FailingLog.test)]), router)
            #expect(stage.issues.map(\.isOpen) == [true])
        }
    }

    @Test(arguments: forges) func `a pull request's failures are one comment, edited until it is green`(kind: ForgeKind) async throws {
        let stage = try FailureStage(kind)
        stage.forge.push(to: "topic", of: stage.name, changes: ["src/a.c": "int b\n"])
        let pull = try #require(stage.forge.openPullRequest(in: stage.name, from: "topic", title: "Topic")).number
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", FailingLog.compile), ("test", nil)], on: "topic", pullRequest: pull), router)
            #expect(stage.comments(pull).count == 1)
            #expect(stage.comments(pull).first?.body.contains("expected ';'") == true)
            try await stage.tell(try stage.run([("build", nil), ("test", FailingLog.test)], on: "topic", pullRequest: pull), router)
            #expect(stage.comments(pull).count == 1)
            #expect(stage.comments(pull).first?.body.contains("test_refund") == true)
            #expect(stage.comments(pull).first?.body.contains("expected ';'") == false)
            try await stage.tell(try stage.run([("build", nil), ("test", nil)], on: "topic", pullRequest: pull), router)
            #expect(stage.comments(pull).map { $0.body.contains("is green again") } == [true])
        }
        #expect(stage.issues.isEmpty)
    }

    @Test(arguments: forges) func `a pull request is told when its failure is another branch's too, or known to be flaky`(
        kind: ForgeKind
    ) async throws {
        let stage = try FailureStage(kind)
        stage.forge.push(to: "topic", of: stage.name, changes: ["src/a.c": "int b\n"])
        let pull = try #require(stage.forge.openPullRequest(in: stage.name, from: "topic", title: "Topic")).number
        try await stage.perform { router in
            let run = try stage.run([("test", FailingLog.test)])
            try await stage.tell(run, router)
            try await stage.tell(try stage.run([("test", FailingLog.test)], on: "topic", pullRequest: pull), router)
            let told = try #require(stage.comments(pull).first?.body)
            #expect(told.contains("The same cause fails on `main` too, see"))
            #expect(!told.contains("flaky"))
            stage.rerun(run, [("test", nil)])
            try await stage.tell(run, router)
            try await stage.tell(try stage.run([("test", FailingLog.test)], on: "topic", pullRequest: pull), router)
            let later = try #require(stage.comments(pull).first?.body)
            #expect(later.contains("**flaky**"))
            #expect(later.contains("Known to be flaky: passed 1 time on a retry of the same commit."))
            #expect(!later.contains("fails on `main` too"))
        }
    }

    @Test(arguments: forges) func `a fork's run opens no issue`(kind: ForgeKind) async throws {
        let stage = try FailureStage(kind)
        let fork = try #require(RepositoryName("stranger/shop"))
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", FailingLog.compile)], fork: fork), router)
        }
        #expect(stage.issues.isEmpty)
    }

    @Test(arguments: forges) func `a workflow that cannot start and a job without a log are told as such`(kind: ForgeKind) async throws {
        let stage = try FailureStage(kind)
        try await stage.perform { router in
            try await stage.tell(try stage.run([], conclusion: "startup_failure"), router)
            try await stage.tell(try stage.run([("build", "")], conclusion: "failure"), router)
        }
        #expect(stage.issues.count == 2)
        #expect(stage.issues.first?.body.contains("could not be started") == true)
        #expect(stage.issues.last?.body.contains("The forge has no log of this job any more.") == true)
    }

    @Test(arguments: forges) func `an issue whose answer was lost is not opened again`(kind: ForgeKind) async throws {
        let stage = try FailureStage(kind)
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: "/issues"))
        try await stage.perform { router in
            try await stage.tell(try stage.run([("build", FailingLog.compile)]), router)
        }
        #expect(stage.issues.count == 1)
    }

    @Test(arguments: forges) func `a service that ends between deciding and sending is taken up, and counts once`(kind: ForgeKind)
        async throws
    {
        let stage = try FailureStage(kind)
        stage.forge.inject(SandboxFault(.hang(.seconds(600)), method: .post, pathSuffix: "/issues"))
        let run = try stage.run([("build", FailingLog.compile)])
        try await stage.perform { router in
            try await stage.deliver(run, id: "1", to: router)
            let clock = SystemClock()
            let deadline = clock.uptime + .seconds(30)
            while !stage.forge.requests.contains(where: { $0.method == "POST" && $0.path.hasSuffix("/issues") }), clock.uptime < deadline {
                try await clock.sleep(for: .milliseconds(5))
            }
        }
        // What was on its way when the service ended may have arrived or not.
        try await stage.perform { router in try await stage.settle(router) }
        #expect(stage.issues.count == 1)
        #expect(stage.issues.first?.body.contains("|failed runs|1|") == true)
    }
}
