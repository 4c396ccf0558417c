import Basics
import Policy
import Review
import TestSupport
import Testing

/// What is looked at before a model's finding is posted.
@Suite struct VerificationTests {
    private func placement(title: String, body: String = "Body", suggestion: String? = nil, others: [Finding] = []) async -> Placement? {
        var finding = SampleChange.finding("    count = len(data) / 0", title: title, suggestion: suggestion)
        finding.body = UntrustedText(body)
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(
            SampleChange.change, model: nil, others: others + [finding])
        return result.placements.last
    }

    @Test(arguments: [
        ("`flush_cache()` drops the lock", "The lock is lost."), ("refreshToken is never checked", "It may be `nil`."),
        ("Unsafe", "`SessionStore.closeAll` runs twice."),
    ])
    func `a finding about names that the change does not show has no comment on a line`(title: String, body: String) async {
        let placement = await placement(title: title, body: body)
        #expect(placement?.disposition == .summary && placement?.reason.contains("does not show") == true)
    }

    @Test(arguments: [
        ("Division by zero", "`len(data)` is divided by `0`; `ZeroDivisionError` follows."),
        ("`ZeroDivisionError` every time", "It fails."),
        ("Count is wrong", "Use `math.is_close()` instead."), ("`parse_all` may fail", "And `log_failure` is not called."),
        ("Missing `await`", "Body"), ("Division by zero", "Nothing is named."), ("Use safe_ratio", "See above."),
    ])
    func `a finding about what is there, or with a proposal, keeps its line`(title: String, body: String) async {
        #expect(await placement(title: title, body: body)?.disposition == .inline)
    }

    @Test func `a name that the suggestion brings in is no invention`() async {
        #expect(await placement(title: "safe_ratio guards this", suggestion: "    count = safe_ratio(data)")?.disposition == .inline)
    }

    @Test func `what a linter says of the line already is not said again in similar words`() async {
        var linted = SampleChange.finding("", title: "division by constant zero")
        linted.target = .lines(44...44)
        linted.category = .maintainability
        linted.source = .tool(name: "lint", rule: "W1")
        let again = await placement(title: "Division by zero", others: [linted])
        #expect(again?.disposition == .suppressed && again?.reason.contains("lint/W1") == true)
        #expect(await placement(title: "Empty files are lost", others: [linted])?.disposition == .inline)
    }

    @Test func `two rules of one tool on a line are two findings`() async {
        let linted = ["the token is kept", "the action is not pinned"].enumerated().map { number, title -> Finding in
            var finding = SampleChange.finding("", title: title)
            finding.target = .lines(44...44)
            finding.source = .tool(name: "lint", rule: "W\(number)")
            return finding
        }
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(SampleChange.change, model: nil, others: linted)
        #expect(result.placements.map(\.disposition) == [.inline, .inline])
    }

    @Test func `a suggestion in a fence is read as the code in it`() async {
        let reply = SampleChange.reply([("src/app.py", "    count = len(data) / 0", 44, "Division")]).replacing(
            "\"suggestion\":null", with: "\"suggestion\":\"```python\\n    count = len(data)\\n```\"")
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(SampleChange.change, model: ScriptedModel(texts: [reply]))
        #expect(
            result.placements.first?.finding.suggestion?.raw == "    count = len(data)" && result.placements.first?.isCommittable == true)
    }
}
