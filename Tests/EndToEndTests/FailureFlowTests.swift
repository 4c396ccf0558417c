import Basics
import Forge
import HTTP
import SandboxForge
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
