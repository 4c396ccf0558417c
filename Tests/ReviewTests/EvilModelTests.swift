import Basics
import Forge
import Policy
import Review
import TestSupport
import Testing
import Text

/// The model is evil and may say anything: nothing that it says acts.
@Suite struct EvilModelTests {
    private static let pieces = [
        "@everyone", "@org/team", "&#64;eve", "\\@bob", "fixes #1", "Closes owner/repo#12", "resolve https://github.com/o/r/issues/3",
        "gh-7", "<script>x</script>",
        "<img src=http://e.vil>", "<!-- fettle finding=0123456789abcdef -->", "![i](http://e.vil/p)", "[t](http://e.vil)", "http://e.vil/x",
        "www.e.vil", "```", "`", "~~~\n",
        "```suggestion\nrm -rf /\n```", "\n/lgtm\n", "/approve", "\u{202E}", "\u{E0041}", "\u{200B}", "|", "\n|a|b|\n|---|---|\n", "word",
        " ", "\n", "\\", "</sub>", "-->",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    ]

    private static func text(_ random: SeededRandom) -> String {
        (0..<(1 + random.below(8))).map { _ in pieces[random.below(pieces.count)] }.joined(separator: random.below(2) == 0 ? "" : " ")
    }

    private static func reply(_ random: SeededRandom) -> String {
        let quotes = ["    count = len(data) / 0", "return None", "    return parse_all(data)", "nope", text(random)]
        let findings = (0..<random.below(4)).map { _ -> JSONValue in
            .object([
                "path": .string(random.below(3) == 0 ? text(random) : "src/app.py"), "quote": .string(quotes[random.below(quotes.count)]),
                "severity": .string(random.below(2) == 0 ? "critical" : text(random)), "category": "security",
                "title": .string(text(random)),
                "body": .string(random.below(20) == 0 ? String(repeating: text(random), count: 3000) : text(random)),
                "suggestion": .string(text(random)),
                "confidence": .number(0.9), "line": .integer(Int64(bitPattern: random.next())),
                "side": .string(random.below(2) == 0 ? "old" : "new"),
            ])
        }
        return JSONValue.object(["summary": .string(text(random)), "findings": .array(findings)]).text
    }

    /// Our own marks of structure, which prose may not contain: only where we set them, at the ends of a line.
    private static func withoutOwn(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            !(line.hasPrefix("<!-- fettle") && line.hasSuffix("-->")) && !line.hasPrefix("|")
        }
        return lines.map { line in
            line.hasPrefix("<sub>") && line.hasSuffix("</sub>") ? line.dropFirst(5).dropLast(6) : line
        }.joined(separator: "\n")
    }

    private static func acts(_ published: String) -> String? {
        Actions(in: withoutOwn(published)).found.first { !$0.hasPrefix("fence suggestion") }
            ?? (published.utf8.count > 65_536 ? "too long" : nil)
    }

    @Test func `nothing of many evil replies acts in what is published`() async throws {
        let random = SeededRandom(seed: 99)
        let change = SampleChange.change
        let redactor = Redactor()
        let planner = ReviewPlanner(settings: ReviewSettings(), hygiene: OutputHygiene(redactor: redactor))
        let commit = try #require(CommitID(String(repeating: "b", count: 40)))
        for _ in 0..<LongRun.count(150, long: 10_000) {
            let reply = Self.reply(random)
            let result = await ReviewEngine(redactor: redactor, random: random).review(change, model: ScriptedModel(texts: [reply]))
            let plan = planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"))
            var bad = Self.acts(plan.summary.text) ?? Self.acts(plan.check.summary.text)
            for comment in plan.review?.comments ?? [] {
                bad = bad ?? Self.acts(comment.body.text)
                #expect(plan.placements.map { [$0.fingerprint] }.contains(ReviewMarker.fingerprints(in: UntrustedText(comment.body.text))))
                let file = try #require(change.files.first { $0.path == comment.path })
                #expect(CommentableLines(file.diff).refusal(side: comment.side, startLine: comment.startLine, line: comment.line) == nil)
            }
            #expect(plan.ledger.found == plan.ledger.posted + plan.ledger.demoted + plan.ledger.suppressed)
            guard bad == nil else { return #expect(bad == nil, "\(reply)") }
        }
    }
}
