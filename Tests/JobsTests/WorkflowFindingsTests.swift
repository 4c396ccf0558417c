import Basics
import Jobs
import Policy
import Review
import Testing
import Text

struct WorkflowFindingsTests {
    private func change(_ text: String, path: String = ".github/workflows/ci.yml") -> Change {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let body = lines.map { "+\($0)\n" }.joined()
        let diff =
            "diff --git a/\(path) b/\(path)\nnew file mode 100644\n--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1,\(lines.count) @@\n\(body)"
        var change = Change(gitDiff: Array(diff.utf8))
        change.files[0].headText = UntrustedText(text)
        return change
    }

    private static let broken = """
        on: push
        permissions: {}
        jobs:
          a:
            runs-on: ubuntu-latest
            timeout-minutes: 5
            needs: [nothing]
            steps:
              - run: echo hi
        """

    @Test func `each rule has its own id and its line`() throws {
        let outcome = WorkflowFindings.lint(change(Self.broken), beside: [])
        #expect(outcome.lintedFiles == 1)
        let finding = try #require(outcome.findings.first { $0.source.rule == "workflow/job-needs" })
        #expect(finding.target == .lines(4...4))
        #expect(finding.severity == .high)
    }

    @Test(arguments: ["job-needs", "workflow/job-needs"]) func `a rule is switched off by either name`(name: String) {
        let outcome = WorkflowFindings.lint(change(Self.broken), beside: [], disabled: [name])
        #expect(!outcome.findings.contains { $0.source.rule == "workflow/job-needs" })
    }

    @Test func `unchanged lines are not spoken of`() {
        var change = change(Self.broken)
        change.files[0].diff = FileDiff(
            change: .modified, oldPath: change.files[0].diff.newPath, newPath: change.files[0].diff.newPath, content: .text,
            hunks: FileDiff.hunks(parsingPatch: UntrustedText("@@ -9,1 +9,1 @@\n-      - run: echo\n+      - run: echo hi\n")).hunks)
        #expect(WorkflowFindings.lint(change, beside: []).findings.isEmpty)
    }

    @Test func `what a built-in rule says is not said twice`() {
        let change = change("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: someone/thing@main\n")
        let ruled = ReviewEngine(redactor: Redactor()).ruleFindings(in: change)
        #expect(ruled.contains { $0.source.rule == "workflow-unpinned-action" })
        let linted = WorkflowFindings.lint(change, beside: ruled).findings
        #expect(!linted.contains { $0.source.rule == "workflow/unpinned-uses" })
    }

    /// A workflow whose step `old` becomes `new`, whole at the head.
    private func edited(_ old: String, _ new: String) -> Change {
        let head =
            "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - \(new)\n"
        var change = change(head)
        change.files[0].diff = FileDiff(
            change: .modified, oldPath: change.files[0].diff.newPath, newPath: change.files[0].diff.newPath, content: .text,
            hunks: FileDiff.hunks(
                parsingPatch: UntrustedText("@@ -7,2 +7,2 @@\n     steps:\n-      - \(old)\n+      - \(new)\n")
            ).hunks)
        return change
    }

    @Test func `what the base had already is not told because its line is touched, and what is new there is`() {
        let bump = edited("uses: actions/checkout@v4", "uses: actions/checkout@v5")
        #expect(bump.files[0].baseText?.raw.contains("checkout@v4") == true)
        #expect(WorkflowFindings.lint(bump, beside: []).findings.isEmpty)
        let new = WorkflowFindings.lint(edited("run: make", "uses: actions/checkout@v5"), beside: []).findings
        #expect(new.map(\.source.rule) == ["workflow/persisted-credentials"])
    }

    @Test func `a title says what is wrong, the text beside it what to do, and neither is said twice`() {
        let two = WorkflowFindings.parts(of: "no 'permissions' for job 'a': the token gets write access")
        #expect(two == ("no 'permissions' for job 'a'", "The token gets write access"))
        let one = WorkflowFindings.parts(of: "a job named 'nothing' does not exist")
        #expect(one.title == one.body)
        #expect(WorkflowFindings.parts(of: "").title.isEmpty)
    }
}
