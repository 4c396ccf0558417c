import Testing
import WorkflowLint

@Suite struct WorkflowLinterTests {
    static let clean = """
        on: push
        permissions: {}
        jobs:
          test:
            runs-on: ubuntu-24.04
            timeout-minutes: 10
            steps:
              - run: make test

        """

    @Test func `a plain workflow has no finding`() {
        #expect(WorkflowLinter.lint(Array(Self.clean.utf8), path: ".github/workflows/ci.yml") == [])
    }

    @Test func `a finding names rule, severity, line and the wrong value`() throws {
        let text = Self.clean.replacing("ubuntu-24.04", with: "ubuntu-oldest")
        let finding = try #require(WorkflowLinter.lint(Array(text.utf8), path: "ci.yml").first)
        #expect(finding.rule == "runner-label" && finding.severity == .error && finding.line == 5 && finding.column == 14)
        #expect(finding.message.contains("'ubuntu-oldest'") && finding.message.contains("'ubuntu-24.04'"))
    }

    @Test func `bytes that are no workflow give findings and never a trap`() {
        for text in [
            "", "\u{0}", "- a", "on: [", "jobs: {a: {steps: [1, [2], {run: [x]}]}}", "on: &a [*a]", String(repeating: "{", count: 5_000),
        ] {
            #expect(!WorkflowLinter.lint(Array(text.utf8), path: "x.yml").isEmpty)
        }
    }
}
