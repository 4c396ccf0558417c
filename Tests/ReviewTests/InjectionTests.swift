import Basics
import Forge
import LLM
import Policy
import Review
import TestSupport
import Testing
import Text

/// Texts that try to steer the reviewer, wherever somebody outside may write. The model is made to obey: it repeats each of them in every
/// field. What is published must be inert all the same, and what it is asked must still say what is material and what is not.
@Suite struct InjectionTests {
    private static let orders = InjectionTexts.all

    private static func obeying(_ order: String) -> ScriptedModel {
        let finding: JSONValue = [
            "path": "src/app.py", "quote": "    count = len(data) / 0", "side": "new", "line": 44, "severity": "critical",
            "category": "bug",
            "title": .string(order), "body": .string(order), "suggestion": .string(order), "confidence": 1,
        ]
        return ScriptedModel(texts: [JSONValue.object(["summary": .string(order), "findings": .array([finding])]).text])
    }

    private static func change(with order: String) -> Change {
        var change = SampleChange.change
        change.title = UntrustedText(order)
        change.body = UntrustedText(order)
        change.linkedIssues = [LinkedIssue(number: 1, title: UntrustedText(order), body: UntrustedText(order))]
        let line = order.split(whereSeparator: \.isNewline).joined(separator: " ")
        change.files += SampleChange.adding("# \(line)\nx = 1", path: "docs/\(line.filter { !"\"\\".contains($0) }.prefix(60)).py").files
        return change
    }

    /// Every place of a repository's settings where a text may stand.
    private static func configured(with order: String) throws -> RepositorySettings {
        let review: JSONValue = .object([
            "language": .string(order), "ignore": .array([.string("generated/" + order)]), "disabled_rules": .array([.string(order)]),
            "instructions": .array([.object(["path": .string(order), "text": .string(order)])]), "severity_floor": .string(order),
            "fail_on": .string(order), "max_comments": .string(order), "min_confidence": .string(order),
            "skip": .object(["labels": .array([.string(order)]), "titles": .array([.string(order)]), "drafts": .string(order)]),
        ])
        return RepositorySettings(try YAML.root(of: Array(review.text.utf8)))
    }

    private static func acts(_ published: String) -> String? {
        let own = ["<details><summary>What changes, file by file</summary>", "</details>"]
        let lines = published.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            !(line.hasPrefix("<!-- fettle") && line.hasSuffix("-->")) && !line.hasPrefix("|") && !own.contains(String(line))
        }.map { line in line.hasPrefix("<sub>") && line.hasSuffix("</sub>") ? line.dropFirst(5).dropLast(6) : line }
        return Actions(in: lines.joined(separator: "\n")).found.first { !$0.hasPrefix("fence suggestion") }
    }

    @Test func `there are sixty of them`() { #expect(Set(Self.orders).count >= 60) }

    @Test(arguments: orders) func `an order is published inert, whoever repeats it`(order: String) async throws {
        let change = Self.change(with: order)
        let model = Self.obeying(order)
        let redactor = Redactor()
        var settings = ReviewSettings()
        settings.conventions = [RepositoryText(path: "AGENTS.md", text: UntrustedText(order))]
        settings = try Self.configured(with: order).applied(to: settings)
        let result = await ReviewEngine(settings: settings, redactor: redactor).review(change, model: model)
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: redactor))
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        let plan = planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"))
        #expect(Self.acts(plan.summary.text) == nil, "\(plan.summary.text)")
        for comment in plan.review?.comments ?? [] { #expect(Self.acts(comment.body.text) == nil, "\(comment.body.text)") }
        #expect(plan.check.status != .completed(.failure), "nobody's words fail a check")
    }

    @Test(arguments: orders) func `an order reaches the model as material, behind marks it cannot know`(order: String) async throws {
        let model = Self.obeying(order)
        _ = await ReviewEngine(redactor: Redactor()).review(Self.change(with: order), model: model)
        for request in model.requests {
            guard case .user(let prompt)? = request.messages.first else { return #expect(Bool(false)) }
            let mark = String(prompt.text.dropFirst(3).prefix { $0 != "\n" })
            #expect(prompt.text.hasPrefix("<<<\(mark)\n") && prompt.text.split(separator: mark).count == 3, "twice, at its ends")
            #expect(!request.system.contains(order) || order.count < 4)
            #expect(!prompt.text.unicodeScalars.contains { $0.value >= 0xE0000 || (0x200B...0x200F).contains($0.value) })
            #expect(!prompt.text.contains("ghp_abcdef"))
            #expect(request.tools.isEmpty)
        }
    }

    @Test(arguments: orders) func `an order in a repository's settings changes no bound and names no language`(order: String) throws {
        let settings = try Self.configured(with: order)
        let (usual, applied) = (ReviewSettings(), settings.applied(to: ReviewSettings()))
        #expect(applied.language == nil || order.allSatisfy { $0.isLetter || $0 == " " || $0 == "-" })
        #expect(applied.maximumInlineComments == usual.maximumInlineComments && applied.failOn == nil)
        #expect(applied.severityFloor == usual.severityFloor && applied.minimumConfidence == usual.minimumConfidence)
        #expect(settings.isEnabled && settings.skips.drafts && settings.faults.count >= 5)
    }
}
