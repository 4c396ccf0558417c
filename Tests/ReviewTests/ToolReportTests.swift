import Basics
import Policy
import Review
import Testing

@Suite struct ToolReportTests {
    private func seen(_ findings: [Finding]) -> [String] {
        findings.map { finding in
            guard case .lines(let lines) = finding.target else { return "?" }
            return "\(finding.path.raw):\(lines.lowerBound) \(finding.severity.rawValue) \(finding.source.rule ?? "-") \(finding.title.raw)"
        }
    }

    @Test(
        arguments: [
            (
                "src/a.c:12:5: warning: unused variable 'x' [-Wunused-variable]",
                "src/a.c:12 medium compiler/-Wunused-variable unused variable 'x'"
            ),
            ("/repo/Sources/A.swift:3:1: error: cannot find 'y' in scope", "Sources/A.swift:3 high compiler cannot find 'y' in scope"),
            (
                "./pkg/a.py:7:80: E501 line too long (90 > 79 characters)",
                "pkg/a.py:7 medium linter/E501 line too long (90 > 79 characters)"
            ),
            (
                "a.py:7: error: Incompatible types in assignment  [assignment]",
                "a.py:7 high linter/assignment Incompatible types in assignment"
            ),
            ("src/x.ts(4,10): error TS2322: Type 'a' is not assignable.", "src/x.ts:4 high tsc/TS2322 Type 'a' is not assignable."),
            ("run.sh:3:6: note: Double quote [SC2086]", nil),
            (
                "cmd/main.go:10:2: Println call has possible formatting directive",
                "cmd/main.go:10 medium go Println call has possible formatting directive"
            ),
            (
                "cmd/main.go:10:2: Error return value is not checked (errcheck)",
                "cmd/main.go:10 medium linter/errcheck Error return value is not checked"
            ),
            ("12:30:45: something happened", nil), ("http://example.org:80: error: x", nil), ("In file included from a.c:3:", nil),
            ("a.c:0:1: error: x", nil), ("", nil),
        ] as [(String, String?)])
    func `lines of compilers and linters are understood`(line: String, expected: String?) {
        #expect(seen(LineReport().findings(in: UntrustedText(line), root: "/repo")) == (expected.map { [$0] } ?? []))
    }

    @Test func `sarif results are read with their rule's severity, suppressed ones not`() {
        let text = """
            {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL", "rules": [{"id": "r1", "properties": {"security-severity": "9.1"}}]}}, "results": [
            {"ruleId": "r1", "message": {"text": "bad"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a%20b.c"}, "region": {"startLine": 3}}}]},
            {"ruleId": "r2", "level": "note", "message": {"text": "meh"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "x.c"}, "region": {"startLine": 9, "endLine": 7}}}]},
            {"ruleId": "r3", "suppressions": [{"kind": "inSource"}], "message": {"text": "no"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "x.c"}, "region": {"startLine": 1}}}]},
            {"ruleId": "r4", "message": {}}]}]}
            """
        #expect(
            seen(SARIFReport().findings(in: UntrustedText(text), root: "")) == [
                "src/a b.c:3 critical CodeQL/r1 bad", "x.c:9 low CodeQL/r2 meh",
            ])
        #expect(SARIFReport().findings(in: "[]", root: "").isEmpty && SARIFReport().findings(in: "nonsense", root: "").isEmpty)
    }

    @Test func `rdjson is read as one object and as lines`() {
        let one =
            "{\"message\": \"m\", \"location\": {\"path\": \"/r/a.go\", \"range\": {\"start\": {\"line\": 2}}}, \"severity\": \"ERROR\", \"code\": {\"value\": \"c\"}}"
        let list = "{\"source\": {\"name\": \"t\"}, \"diagnostics\": [\(one)]}"
        #expect(seen(RDJSONReport().findings(in: UntrustedText(list), root: "/r")) == ["a.go:2 high t/c m"])
        #expect(seen(RDJSONReport().findings(in: UntrustedText(one + "\n" + one), root: "/r")).count == 2)
    }

    @Test func `what our own formats write is read back`() async {
        let change = SampleChange.change
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(
            change, model: nil, others: [SampleChange.finding("    count = len(data) / 0")])
        let report = ReviewReport(change: change, result: result, redactor: Redactor())
        #expect(SARIFReport().findings(in: UntrustedText(SARIFFormat().render(report)), root: "").first?.target == .lines(44...44))
        #expect(RDJSONReport().findings(in: UntrustedText(RDJSONFormat().render(report)), root: "").first?.target == .lines(44...44))
    }

    @Test func `other tools are heard on changed lines only, and a model does not repeat them`() async {
        let text = "src/app.py:44:1: error: division by zero [div]\nsrc/app.py:3:1: error: old sin [old]"
        let model = SampleChange.finding("    count = len(data) / 0", title: "Divides by zero")
        let others = LineReport().findings(in: UntrustedText(text), root: "") + [model]
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(SampleChange.change, model: nil, others: others)
        #expect(result.placements.map(\.disposition) == [.inline, .suppressed, .suppressed])
        #expect(result.placements[1].reason.contains("outside") && result.placements[2].reason.contains("linter/div"))
    }
}
