import Basics
import Forge
import Policy
import Review
import TestSupport
import Testing
import Text

@Suite struct MemoryTests {
    /// A file that grows above the findings with every push, with six places that are wrong in the same way.
    private func change(push: Int, extra: Bool) -> Change {
        var lines = (0..<(push * 3)).map { "filler_\($0) = load(\($0))" }
        for place in 0..<6 {
            lines += ["def f\(place)(data):", "    total_\(place) = sum(data) / len(data)", "    return total_\(place)", ""]
        }
        if extra { lines += ["def late(data):", "    return data[len(data)]", ""] }
        return SampleChange.adding(lines.joined(separator: "\n"), path: "src/stats.py")
    }

    private static let wordings = [
        "Division by zero for empty input", "Empty data divides by zero", "Possible ZeroDivisionError on empty data",
        "Dividing by zero when data is empty",
    ]
    private static let categories: [Review.Category] = [.bug, .bug, .maintainability, .bug]

    private func findings(push: Int, extra: Bool) -> [Finding] {
        var list = (0..<6).map { place -> Finding in
            var finding = SampleChange.finding(
                "    total_\(place) = sum(data) / len(data)", path: "src/stats.py", title: Self.wordings[(push + place) % 4])
            finding.category = Self.categories[(push + place) % 4]
            return finding
        }
        if extra { list.append(SampleChange.finding("    return data[len(data)]", path: "src/stats.py", title: "Index out of range")) }
        return list
    }

    @Test func `over ten pushes with other words nothing is said twice and nothing new is held back`() async throws {
        var settings = ReviewSettings()
        settings.maximumInlineComments = 20
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: Redactor()))
        let commit = try #require(CommitID(String(repeating: "c", count: 40)))
        var memory = PreviousReview()
        var posted: [Int] = []
        for push in 0..<10 {
            let extra = push >= 4
            let change = change(push: push, extra: extra)
            let result = await ReviewEngine(settings: settings, rules: [], redactor: Redactor()).review(
                change, model: nil, others: findings(push: push, extra: extra))
            let plan = planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"), after: memory)
            posted.append(plan.review?.comments.count ?? 0)
            let new = plan.placements.filter { $0.disposition == .inline }
            memory.posted.formUnion(new.map(\.fingerprint))
            memory.remembered += new.map { RememberedFinding($0, state: .posted) }
        }
        #expect(posted == [6, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    }

    @Test func `what was dismissed stays dismissed when the line is touched a little`() async throws {
        let before = await ReviewEngine(rules: [], redactor: Redactor()).review(
            SampleChange.adding("def f(values):\n    result = compute(values, mode='fast')\n    return result", path: "a.py"), model: nil,
            others: [SampleChange.finding("    result = compute(values, mode='fast')", path: "a.py", title: "Mode fast loses precision")])
        let remembered = RememberedFinding(try #require(before.placements.first), state: .dismissed, reason: "known")
        let touched = SampleChange.adding(
            "def f(values):\n    result = compute(values, mode='fast', log=True)\n    return result", path: "a.py")
        let after = await ReviewEngine(rules: [], redactor: Redactor()).review(
            touched, model: nil,
            others: [
                SampleChange.finding(
                    "    result = compute(values, mode='fast', log=True)", path: "a.py", title: "The fast mode loses precision"),
                SampleChange.finding("    return result", path: "a.py", title: "Result is never validated"),
            ])
        let memory = PreviousReview(remembered: [remembered])
        #expect(after.placements.map { memory.state(of: $0, in: touched) } == [.dismissed, nil])
        #expect(!remembered.isExpired(at: Timestamp(seconds: 5)))
    }

    @Test(arguments: [
        ("    result = compute(values, mode='fast')", "Fast mode loses precision", true),
        ("def f(values):\n    result = compute(values, mode='fast')\n    return result", "Precision is lost by the fast mode", true),
        ("def f(values):\n    result = compute(values, mode='fast')\n    return result", "Values may be empty", false),
    ])
    func `a finding told of a line more or less is the same one, and another defect there is not`(quote: String, title: String, same: Bool)
        async throws
    {
        let text = "def f(values):\n    result = compute(values, mode='fast')\n    return result"
        let change = SampleChange.adding(text, path: "a.py")
        let engine = ReviewEngine(rules: [], redactor: Redactor())
        let first = SampleChange.finding(
            "result = compute(values, mode='fast')\n    return result", path: "a.py", title: "Mode fast loses precision")
        let before = try #require(await engine.review(change, model: nil, others: [first]).placements.first)
        let after = try #require(
            await engine.review(change, model: nil, others: [SampleChange.finding(quote, path: "a.py", title: title)]).placements.first)
        let memory = PreviousReview(remembered: [RememberedFinding(before, state: .posted)])
        #expect((memory.state(of: after, in: change) == .posted) == same)
    }

    private static let code = "def f(values):\n    result = compute(values, mode='fast')\n    return result"

    private func renamed(from old: String, to new: String) -> Change {
        let text = """
            diff --git a/\(old) b/\(new)
            similarity index 90%
            rename from \(old)
            rename to \(new)
            --- a/\(old)
            +++ b/\(new)
            @@ -1,2 +1,3 @@
             def f(values):
            +    result = compute(values, mode='fast')
                 return result

            """
        return Change(gitDiff: Array(text.utf8))
    }

    private func plan(_ change: Change, after memory: PreviousReview, title: String) async throws -> ReviewPlan {
        let finding = SampleChange.finding("    result = compute(values, mode='fast')", path: change.files[0].path, title: title)
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(change, model: nil, others: [finding])
        let planner = ReviewPlanner(settings: ReviewSettings(), hygiene: OutputHygiene(redactor: Redactor()))
        let commit = try #require(CommitID(String(repeating: "c", count: 40)))
        return planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"), after: memory)
    }

    @Test func `a file renamed between pushes keeps what was said of it, whether the base knew it or not`() async throws {
        let added = SampleChange.adding(Self.code, path: "src/a.py")
        let moved = SampleChange.adding(Self.code, path: "lib/b.py")
        for (before, after) in [(added, moved), (renamed(from: "old.py", to: "a.py"), renamed(from: "old.py", to: "b.py"))] {
            let first = try await plan(before, after: PreviousReview(), title: "Mode fast loses precision")
            #expect(first.review?.comments.count == 1)
            let told = first.placements.map { RememberedFinding($0, state: .posted) }
            let second = try await plan(after, after: PreviousReview(remembered: told), title: "The fast mode loses precision")
            #expect(second.review == nil && second.fixed.isEmpty, "\(after.files[0].path)")
        }
        let byMark = try await plan(renamed(from: "old.py", to: "a.py"), after: PreviousReview(), title: "Mode fast loses precision")
        let marks = PreviousReview(posted: Set(byMark.placements.map(\.fingerprint)))
        #expect(try await plan(renamed(from: "old.py", to: "c.py"), after: marks, title: "Imprecise").review == nil)
    }

    @Test func `a copy beside its original is another place`() async throws {
        let first = try await plan(
            SampleChange.adding(Self.code, path: "a.py"), after: PreviousReview(), title: "Mode fast loses precision")
        let told = PreviousReview(remembered: first.placements.map { RememberedFinding($0, state: .posted) })
        var both = SampleChange.adding(Self.code, path: "b.py")
        both.files += SampleChange.adding(Self.code, path: "a.py").files
        #expect(try await plan(both, after: told, title: "Mode fast loses precision").review?.comments.map(\.path) == ["b.py"])
        let dismissed = PreviousReview(remembered: first.placements.map { RememberedFinding($0, state: .dismissed) })
        let elsewhere = SampleChange.adding(Self.code, path: "b.py")
        #expect(try await plan(elsewhere, after: dismissed, title: "Mode fast loses precision").review?.comments.count == 1)
    }
}
