import Basics
import Forge
import LLM
import Policy
import Review
import TestSupport
import Testing
import Text

@Suite struct ReviewPlannerTests {
    private let change = SampleChange.change
    private let settings = ReviewSettings()

    private func result(_ findings: [Finding]) async -> ReviewResult {
        await ReviewEngine(settings: settings, rules: [], redactor: Redactor()).review(change, model: nil, others: findings)
    }

    private func plan(_ findings: [Finding], after previous: PreviousReview = .init()) async throws -> ReviewPlan {
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: Redactor()))
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        return planner.plan(await result(findings), of: change, for: .init(commit: commit, externalID: "x"), after: previous)
    }

    @Test func `comments stand on lines that the forge takes, with a mark that tells the finding`() async throws {
        let plan = try await plan([
            SampleChange.finding("    return parse_all(data)", title: "Wrong @bob", suggestion: "    return parse(data)"),
            SampleChange.finding("    if not data:\n        return None", title: "Range"),
        ])
        let comments = try #require(plan.review?.comments)
        #expect(comments.map(\.line) == [13, 12] && comments.map(\.startLine) == [nil, 11])
        for comment in comments {
            let file = try #require(change.files.first { $0.path == comment.path })
            #expect(CommentableLines(file.diff).refusal(side: comment.side, startLine: comment.startLine, line: comment.line) == nil)
        }
        #expect(comments[0].body.text.contains("```suggestion\n    return parse(data)\n```"))
        #expect(comments[0].body.text.contains("**Wrong `@bob`**"))
        #expect(ReviewMarker.fingerprints(in: UntrustedText(comments[0].body.text)) == [plan.placements[0].fingerprint])
        #expect(ReviewMarker.isSummary(UntrustedText(plan.summary.text)))
    }

    @Test func `a second run posts only what is new, and what was dismissed stays away`() async throws {
        let first = SampleChange.finding("    return parse_all(data)", title: "Old one")
        let second = SampleChange.finding("    count = len(data) / 0", title: "New one")
        let third = SampleChange.finding("    if not data:", title: "Unwanted")
        let before = try await plan([first, third])
        let fingerprints = before.placements.map(\.fingerprint)
        var reworded = first
        reworded.title = "Said in other words"
        let after = try await plan([reworded, second, third], after: .init(posted: [fingerprints[0]], dismissed: [fingerprints[1]]))
        #expect(after.review?.comments.map(\.line) == [44])
        #expect(after.ledger.found == 3 && after.ledger.posted == 1 && after.ledger.suppressed == 2)
        let nothing = try await plan([first], after: .init(posted: [fingerprints[0]]))
        #expect(nothing.review == nil)
    }

    @Test func `over the limit the least severe go to the summary, and the ledger adds up`() async throws {
        let quotes = [
            "    if not data:", "        return None\n    return parse_all(data)", "    # end", "    count = len(data) / 0",
            "\treturn  x + offset", "    data = open(path).read()", "    return parse(data)",
        ]
        let findings = quotes.enumerated().map {
            SampleChange.finding($0.element, severity: $0.offset == 6 ? .critical : .medium, title: "T\($0.offset)")
        }
        let plan = try await plan(findings)
        #expect(plan.review?.comments.count == 5)
        #expect(plan.placements.last?.disposition == .inline)
        let ledger = plan.ledger
        #expect(ledger.found == 7 && ledger.found == ledger.posted + ledger.demoted + ledger.suppressed)
        #expect(plan.summary.text.contains("over the limit") == false && plan.summary.text.contains("T5"))
    }

    @Test func `the check's conclusion follows the status`() async throws {
        let clean = try await plan([])
        #expect(clean.check.status == .completed(.success) && clean.check.title.text == "Nothing to report")
        let weighty = try await plan([SampleChange.finding("    # end", severity: .medium)])
        #expect(weighty.check.status == .completed(.neutral), "no green mark beside something to look at")
        let light = try await plan([SampleChange.finding("    # end", severity: .low)])
        #expect(light.check.status == .completed(.success))
        var settings = ReviewSettings()
        settings.failOn = .high
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: Redactor()))
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        let bad = planner.plan(await result([SampleChange.finding("    # end")]), of: change, for: .init(commit: commit, externalID: "x"))
        #expect(bad.check.status == .completed(.failure) && bad.check.annotations.count == 1)
        let model = ScriptedModel(failing: .empty(server: "s"))
        let failed = await ReviewEngine(redactor: Redactor()).review(change, model: model)
        let neutral = planner.plan(failed, of: change, for: .init(commit: commit, externalID: "x"))
        #expect(neutral.check.status == .completed(.neutral))
        #expect(neutral.summary.text.contains("read none of it") && neutral.summary.text.contains("Not read"))
        #expect(!neutral.summary.text.contains("Nothing to report"))
    }
}
