import Basics
import Policy
import Review
import TestSupport
import Testing

@Suite struct FormatTests {
    private func report() async -> ReviewReport {
        var secretive = SampleChange.finding(
            "    count = len(data) / 0", severity: .critical, title: "Evil\u{1B}[31m @bob", suggestion: "    count = 1")
        secretive.body = UntrustedText("token ghp_\(String(repeating: "a1B2", count: 9))")
        let findings = [
            secretive, SampleChange.finding("return None", title: "Two places"), SampleChange.finding("no such code", title: "Invented"),
        ]
        let change = SampleChange.change
        let result = await ReviewEngine(redactor: Redactor()).review(change, model: nil, others: findings)
        return ReviewReport(change: change, result: result, redactor: Redactor())
    }

    @Test func `json holds exactly the fields of the contract`() async throws {
        let value = try JSONValue(parsing: JSONFormat().render(await report()).utf8)
        #expect(value["version"] == 1 && value["status"] == "complete")
        #expect(Set(value.object?.keys.map { $0 } ?? []) == ["version", "status", "summary", "findings", "ledger", "coverage", "usage"])
        let first = try #require(value["findings"]?[0])
        let fields = [
            "path", "side", "start_line", "line", "severity", "category", "title", "body", "suggestion", "confidence", "source", "rule",
            "fingerprint",
            "disposition", "reason",
        ]
        #expect(Set(first.object?.keys.map { $0 } ?? []) == Set(fields))
        #expect(first["path"] == "src/app.py" && first["side"] == "new" && first["start_line"] == 44 && first["line"] == 44)
        #expect(first["disposition"] == "inline" && first["source"] == "model" && first["rule"] == .null)
        #expect(value["findings"]?[1]?["disposition"] == "file" && value["findings"]?[1]?["line"] == .null)
        #expect(value["findings"]?[2]?["disposition"] == "suppressed")
        #expect(value["ledger"] == ["found": 3, "posted": 1, "demoted": 1, "suppressed": 1])
        #expect(value["usage"]?["model"] == .null && value["coverage"]?["complete"] == true)
        let text = try Repository.text("docs/review-json.md")
        for field in fields + ["ledger", "coverage", "usage", "status"] { #expect(text.contains(field), "\(field)") }
    }

    @Test(arguments: ReviewFormats.all.map(\.name))
    func `no format lets a credential or a control character through`(name: String) async throws {
        let text = try #require(ReviewFormats.named(name)).render(await report())
        #expect(!text.contains("ghp_") && !text.contains("\u{1B}") && text.contains("redacted:github-token") && text.hasSuffix("\n"))
    }

    @Test func `sarif has one result a shown finding, with its rule and place`() async throws {
        let value = try JSONValue(parsing: SARIFFormat().render(await report()).utf8)
        let run = try #require(value["runs"]?[0])
        #expect(value["version"] == "2.1.0")
        let result = try #require(run["results"]?[0])
        #expect(result["ruleId"] == "model/bug" && result["ruleIndex"] == 0 && result["level"] == "error")
        #expect(result["locations"]?[0]?["physicalLocation"]?["region"] == ["startLine": 44, "endLine": 44])
        #expect(run["results"]?[1] != nil && run["results"]?[2] == nil)
    }

    @Test func `rdjson carries suggestions that apply`() async throws {
        let value = try JSONValue(parsing: RDJSONFormat().render(await report()).utf8)
        let first = try #require(value["diagnostics"]?[0])
        #expect(first["severity"] == "ERROR" && first["location"]?["range"]?["start"] == ["line": 44])
        #expect(first["suggestions"]?[0]?["text"] == "    count = 1")
    }

    @Test func `text for people names place, severity and who found it`() async {
        let text = TextFormat().render(await report())
        #expect(text.contains("src/app.py:44: critical bug [model] Evil[31m @bob"))
        #expect(text.contains("3 found = 1 on lines + 1 without a line + 1 not shown"))
    }

    @Test func `what is not shown is told with its reason and with how to see it`() async {
        var settings = ReviewSettings()
        settings.severityFloor = .high
        let findings = [
            SampleChange.finding("    # end", severity: .low), SampleChange.finding("    count = len(data) / 0", severity: .medium),
        ]
        let result = await ReviewEngine(settings: settings, rules: [], redactor: Redactor()).review(
            SampleChange.change, model: nil, others: findings)
        let report = ReviewReport(change: SampleChange.change, result: result, redactor: Redactor())
        #expect(TextFormat().render(report).contains("2 not shown: below the severity floor (high); --severity-floor info shows them"))
        #expect(MarkdownFormat().render(report).contains("2 not shown (below the severity floor (high))"))
    }

    @Test func `a change without a file is called none`() async {
        let nothing = Change(files: [])
        let report = ReviewReport(
            change: nothing, result: await ReviewEngine(redactor: Redactor()).review(nothing, model: nil), redactor: Redactor())
        #expect(TextFormat().render(report).hasPrefix("There is no change between base and head\n"))
    }

    @Test func `the table of a summary is sorted by severity`() async {
        let findings = [
            SampleChange.finding("    # end", severity: .low, title: "Small"),
            SampleChange.finding("    count = len(data) / 0", severity: .critical, title: "Large"),
        ]
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(SampleChange.change, model: nil, others: findings)
        let rows = MarkdownFormat().render(ReviewReport(change: SampleChange.change, result: result, redactor: Redactor()))
            .split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 4 && rows[2].contains("Large") && rows[3].contains("Small"), "\(rows)")
    }
}
