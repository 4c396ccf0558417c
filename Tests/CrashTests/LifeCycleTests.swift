import Basics
import Forge
import Glibc
import SandboxForge
import TestSupport
import Testing

/// The life of issues for failed runs, with every delivery repeated and the server killed in between.
@Suite(.serialized) struct LifeCycleTests {
    private static func number(_ name: String, default standard: Int) -> Int {
        getenv(name).flatMap { Int(String(cString: $0)) } ?? standard
    }

    private static let compile = log("src/a.c:3:5: error: expected ';' before '}' token", "make: *** [Makefile:2: a.o] Error 1")
    private static let test = log(
        "____________________________ test_refund ___________________________", "E       AssertionError: assert 3 == 4",
        "FAILED tests/test_orders.py::test_refund - AssertionError: assert 3 == 4", "1 failed, 12 passed in 1.10s")

    private static func log(_ lines: String...) -> String {
        (["##[group]Run make", "make", "##[endgroup]"] + lines + ["##[error]Process completed with exit code 2.", ""])
            .map { "2026-04-22T16:09:31.1000000Z \($0)\n" }.joined()
    }

    /// By default a few kills at moments that the seed chooses; `make crash` kills at every step, over and over.
    @Test(arguments: [ForgeKind.github, .gitea])
    func `the table of lives gives exactly the expected issues, also over kills and redeliveries`(
        _ forge: ForgeKind
    ) async throws {
        let seed = Self.number("FETTLE_CRASH_SEED", default: 20_263)
        let chance = SeededRandom(seed: UInt64(seed))
        let isLong = getenv("FETTLE_CRASH_KILLS") != nil
        for _ in 0..<(isLong ? 5 : 1) {
            let stage = try LifeCycleStage(forge)
            try await live(on: stage) {
                isLong || chance.below(4) == 0 ? .milliseconds(chance.below(isLong ? 300 : 120)) : nil
            }
            await stage.end()
        }
    }

    /// As the issue tells it.
    private static func failedRuns(_ issue: SandboxIssue) -> Int {
        guard let start = issue.body.firstRange(of: "|failed runs|")?.upperBound else { return 0 }
        return Int(issue.body[start...].prefix { $0 != "|" }) ?? 0
    }

    private func live(on stage: LifeCycleStage, kill: () -> Duration?) async throws {
        let (compile, test) = (Self.compile, Self.test)
        func expect(_ step: String, _ states: [Bool], counts: [Int]) {
            #expect(stage.issues.map(\.isOpen) == states, "\(step)")
            #expect(stage.issues.map(Self.failedRuns) == counts, "\(step)")
        }
        func tell(_ jobs: [(name: String, log: String?)], on branch: String = "main", conclusion: String? = nil) async throws {
            try await stage.tell(try stage.run(jobs, on: branch, conclusion: conclusion), killAfter: kill())
        }
        try await tell([("build", compile)])
        expect("fail", [true], counts: [1])
        try await tell([("build", compile)])
        expect("fail again", [true], counts: [2])
        try await tell([("build", compile)], conclusion: "cancelled")
        expect("cancelled", [true], counts: [2])
        try await tell([("build", nil)])
        expect("green", [false], counts: [2])

        try await tell([("build", compile)], on: "release")
        expect("another branch", [true], counts: [3])
        try await tell([("build", nil)])
        expect("green elsewhere", [true], counts: [3])
        try await tell([("build", nil)], on: "release")
        expect("green there too", [false], counts: [3])

        let flaky = try stage.run([("test", test)], on: "main")
        try await stage.tell(flaky, killAfter: kill())
        expect("a test fails", [false, true], counts: [3, 1])
        stage.rerun(flaky, [("test", nil)])
        try await stage.tell(flaky, killAfter: kill())
        expect("passes on a rerun", [false, false], counts: [3, 1])
        #expect(stage.issues.last?.body.contains("**flaky**") == true)
        #expect(stage.issues.last?.body.contains("passed 1 time on a retry") == true)

        try await tell([("linux", compile), ("macos", compile)])
        expect("two jobs, one cause", [true, false], counts: [5, 1])
        try await tell([("linux", test + compile), ("macos", nil)])
        expect("one job, two causes", [true, true], counts: [6, 2])
        try await tell([("linux", nil), ("macos", nil)])
        expect("all green", [false, false], counts: [6, 2])

        try await stage.tell(try stage.run([("build", compile)], on: "main", fork: "stranger/shop"), killAfter: kill())
        expect("a fork", [false, false], counts: [6, 2])
        let pull = try stage.openPullRequest()
        try await stage.tell(try stage.run([("build", compile)], on: "topic", pull: pull), killAfter: kill())
        #expect(stage.comments(on: pull).map { $0.contains("expected ';'") } == [true], "one comment")
        try await stage.tell(try stage.run([("build", nil)], on: "topic", pull: pull), killAfter: kill())
        #expect(stage.comments(on: pull).map { $0.contains("is green again") } == [true], "the same one, edited")
        expect("a pull request", [false, false], counts: [6, 2])
    }
}
