import Basics
import Forge
import Testing

@testable import FailureAnalysis

@Suite struct SuspectTests {
    private static func report(_ lines: String..., failureClass: FailureClass = .test) -> FailureReport {
        let quotes = lines.enumerated().map { FailureReport.Quote(line: $0.offset + 1, text: UntrustedText($0.element)) }
        return FailureReport(
            source: "job", fingerprint: Fingerprint(lines: [], failureClass: failureClass, evidence: []), headline: quotes.first,
            failingCommand: nil, verdict: nil, evidence: quotes, failedTests: [], lineCount: lines.count, forgottenLines: 0)
    }

    private static func commit(_ digit: Character, _ files: String...) throws -> SuspectRanking.Candidate {
        let id = try #require(CommitID(String(repeating: digit, count: 40)))
        return SuspectRanking.Candidate(
            commit: ForgeCommit(id: id, message: UntrustedText("Change \(digit)"), author: nil, parents: []), files: files)
    }

    @Test func `the commit that touched the file in the frames comes first, with that as its reason`() throws {
        let report = Self.report("E  AssertionError", "  File \"/home/runner/work/shop/src/orders.py\", line 12, in total")
        let candidates = [
            try Self.commit("a", "README.md"), try Self.commit("b", "src/orders.py"), try Self.commit("c", "docs/orders.md"),
        ]
        let suspects = SuspectRanking(report).suspects(among: candidates)
        #expect(suspects.first?.commit.id.short == "bbbbbbbb")
        #expect(suspects.first?.reasons.map(\.raw) == ["touched src/orders.py, which the failure names"])
        #expect(suspects.count == 3)
    }

    @Test func `the other side of a test, and what changes together with a named file, count for something`() throws {
        let report = Self.report("FAILED tests/test_orders.py::test_refund")
        let candidates = [
            try Self.commit("a", "src/tax.py"), try Self.commit("b", "tests/test_orders.py", "src/rates.py"),
            try Self.commit("c", "tests/test_orders.py", "src/rates.py"), try Self.commit("d", "src/rates.py"),
            try Self.commit("e", "src/orders.py"),
        ]
        let order = SuspectRanking(report).suspects(among: candidates).map { $0.commit.id.short.prefix(1) }
        #expect(Set(order.prefix(2)) == ["b", "c"])
        #expect(order.firstIndex(of: "e") ?? 9 < order.firstIndex(of: "d") ?? 0)
        #expect(order.firstIndex(of: "d") ?? 9 < order.firstIndex(of: "a") ?? 0)
    }

    @Test func `a change of the lock file is suspected of a dependency failure, the newest of equals first`() throws {
        let report = Self.report("npm ERR! 404 Not Found - left-pad", failureClass: .dependency)
        let candidates = [try Self.commit("a", "src/a.js"), try Self.commit("b", "package-lock.json"), try Self.commit("c", "src/c.js")]
        let order = SuspectRanking(report).suspects(among: candidates).map { $0.commit.id.short.prefix(1) }
        #expect(order == ["b", "c", "a"])
    }

    @Test(arguments: [
        ("src/a.c", ["@c-team"]), ("deep/down/x.js", ["@js"]), ("docs/index.md", ["@writers"]), ("docs/deep/index.md", ["@all"]),
        ("build/logs/a.log", ["@ops"]), ("apps/one/main.go", ["@apps"]), ("unowned/file", []), ("x.c", ["@all"]),
    ])
    func `the last pattern that matches names the owners`(path: String, owners: [String]) {
        let text: UntrustedText = """
            # comment
            * @all   # everybody
            *.js @js
            /src/ @c-team
            docs/* @writers
            build/logs/ @ops
            **/main.go @apps
            unowned/

            """
        #expect(CodeOwners(text).owners(of: path).map(\.raw) == owners)
    }

    @Test func `versions and times are not taken for files`() {
        let report = Self.report(
            "node v18.12.1 at 12:30.15 failed in lib/main.rs:10:5 and C:\\work\\app\\Program.cs(12)", "example.com said no")
        #expect(MentionedPaths(in: report).paths.contains("lib/main.rs"))
        #expect(MentionedPaths(in: report).weight(of: "app/Program.cs") == 3)
        #expect(!MentionedPaths(in: report).paths.contains { $0.hasPrefix("v18") || $0.hasPrefix("12") })
    }
}
