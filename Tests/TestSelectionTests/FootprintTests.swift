import Basics
import Testing
import Text

@testable import TestSelection

/// Which case ran through which lines, and what that says of a change.
@Suite struct FootprintTests {
    private let test = "tests/test_money.py"
    private let text = Array("class TestMoney:\n    def test_add(self): pass\n    def test_take(self): pass\n".utf8)
    private let source = "def add(a, b):\n    return a + b\n\n\ndef take(\n    a,\n    b=1,\n):\n    return a - b\n"

    private func footprint(_ more: (inout TestFootprint.Builder) -> Void = { _ in }) -> TestFootprint {
        var builder = TestFootprint.Builder()
        builder.add("shop/money.py", lines: [1, 5, 7], of: nil)
        builder.add("shop/money.py", lines: [2], of: TestFootprint.Case(unit: TestID(test), name: "TestMoney::test_add"))
        builder.add("shop/money.py", lines: [9], of: TestFootprint.Case(unit: TestID(test), name: "TestMoney::test_take"))
        let cases = ["test_add", "test_take"].map {
            ReportedCase(group: "tests.test_money.TestMoney", name: $0, verdict: .passed, seconds: 5)
        }
        builder.add(TestReport(cases: cases), CaseLocation(tests: [test]))
        more(&builder)
        return builder.footprint(at: "c0", texts: [test: text])
    }

    private func change(_ line: Int, old: String? = nil, path: String = "shop/money.py") -> SourceChange {
        let hunk = Hunk(
            oldStart: line, oldCount: 1, newStart: line, newCount: 1, section: "",
            lines: [
                DiffLine(kind: .removed, oldNumber: line, newNumber: nil, text: "a"),
                DiffLine(kind: .added, oldNumber: nil, newNumber: line, text: "b"),
            ])
        return SourceChange(files: [SourceChange.File(path: path, hunks: [hunk], old: Array((old ?? source).utf8))])
    }

    private func shares(_ change: SourceChange, _ drift: LineDrift? = LineDrift(since: [])) -> [String: Double] {
        let known = footprint()
        let reach = ChangeReach(change, known, drift)
        return Dictionary(uniqueKeysWithValues: zip(known.cases.map(\.name), reach.shares))
    }

    @Test func `a case that ran through a changed line comes before one that ran through the file alone`() {
        let shares = shares(change(2))
        #expect((shares["TestMoney::test_add"] ?? 0) > (shares["TestMoney::test_take"] ?? 0) + 3)
        #expect((shares["TestMoney::test_take"] ?? 0) > 0)
    }

    @Test(arguments: [6, 7]) func `what runs at import alone is met by who runs the body it belongs to`(line: Int) {
        let shares = shares(change(line))
        #expect((shares["TestMoney::test_take"] ?? 0) > (shares["TestMoney::test_add"] ?? 0) + 1)
    }

    @Test func `lines are followed from the recorded commit to the one before the change`() {
        let since = UnifiedDiff(
            parsing: Array(
                """
                diff --git a/shop/money.py b/shop/money.py
                --- a/shop/money.py
                +++ b/shop/money.py
                @@ -1,2 +1,5 @@
                +# one
                +# two
                +# three
                 def add(a, b):
                     return a + b

                """.utf8))
        let drift = LineDrift(since: since.files)
        #expect(drift.recorded(5, of: "shop/money.py") == 2 && drift.recorded(12, of: "shop/money.py") == 9)
        #expect(drift.recorded(2, of: "shop/money.py") == nil && drift.recorded(7, of: "other.py") == 7)
        let shares = shares(change(5, old: "# one\n# two\n# three\n" + source), drift)
        #expect((shares["TestMoney::test_add"] ?? 0) > (shares["TestMoney::test_take"] ?? 0) + 3)
    }

    @Test func `without the recorded commit the file alone counts`() {
        let shares = shares(change(2), nil)
        #expect(shares["TestMoney::test_add"] == shares["TestMoney::test_take"] && (shares["TestMoney::test_add"] ?? 0) > 0)
    }

    @Test func `it survives being kept, and a damaged one is refused`() throws {
        var history = RunHistory()
        var run = RecordedRun(
            TestReport(cases: [ReportedCase(group: "tests.test_money", name: "x", verdict: .passed)]), commit: "c0", branch: "",
            isWhole: true,
            location: CaseLocation(tests: [test]))
        run.footprint = footprint()
        #expect(run.fault == nil)
        history.add(run)
        #expect(try RunHistory(parsing: history.serialized()) == history)
        let text = String(decoding: history.serialized(), as: UTF8.self)
        for (right, wrong) in [("[1,1,", "[1,1,99,"), ("[1,1,", "[2,1,"), ("\"Ag==\"", "\"AAAAAAI=\"")] {
            #expect(text.contains(right))
            #expect(throws: RunHistory.Unreadable.self) { try RunHistory(parsing: Array(text.replacing(right, with: wrong).utf8)) }
        }
    }

    // MARK: Choosing

    private func situation(_ change: SourceChange, divides: Bool = true, text: [UInt8]? = nil) -> SelectionSituation {
        var situation = SelectionSituation(
            request: SelectionRequest(budget: .share(0.34), wholeRunEvery: 0), change: change,
            tests: [(test, text ?? self.text), ("tests/test_basket.py", Array("from shop.money import add\n".utf8))],
            sources: [("shop/money.py", Array(source.utf8))])
        let cases = [
            ("tests.test_money.TestMoney", "test_add"), ("tests.test_money.TestMoney", "test_take"), ("tests.test_basket", "test_x"),
        ].map {
            ReportedCase(group: $0.0, name: $0.1, verdict: .passed, seconds: 5)
        }
        var run = RecordedRun(
            TestReport(cases: cases), commit: "c0", branch: "", isWhole: true, location: CaseLocation(tests: situation.tests.map(\.path)))
        run.footprint = footprint()
        situation.history.add(run)
        situation.drift = LineDrift(since: [])
        situation.dividesFiles = divides
        return situation
    }

    @Test func `of a file that does not fit the cases that ran through the change are chosen, and the rest is left out`() {
        let selection = Selector.select(situation(change(9)))
        #expect(selection.run.map(\.unit.name) == [test] && selection.run.first?.cases == ["TestMoney::test_take"])
        #expect(selection.run.first?.reasons.first == "ran through shop/money.py, line 9")
        let rest = selection.rest.first { $0.unit.name == test }
        #expect(rest?.cases == ["TestMoney::test_add"] && selection.rest.count == 2)
        #expect(abs(selection.seconds - 5) < 0.01 && abs(selection.secondsLeftOut - 10) < 0.01)
    }

    @Test func `a file is whole when all its cases are chosen, when it changed since, and for runners that take files only`() {
        var all = situation(change(9))
        all.request.budget = .share(1)
        #expect(Selector.select(all).run.allSatisfy { $0.cases.isEmpty })
        let changed = Selector.select(situation(change(9), text: text + Array("    def test_new(self): pass\n".utf8)))
        #expect((changed.run + changed.rest).allSatisfy { $0.cases.isEmpty })
        let whole = Selector.select(situation(change(9), divides: false))
        #expect((whole.run + whole.rest).allSatisfy { $0.cases.isEmpty })
    }

    @Test func `what a rule demands runs whole`() {
        var situation = situation(change(9))
        situation.request.always = [test]
        #expect(Selector.select(situation).run.first { $0.unit.name == test }?.cases == [])
    }

    @Test func `a source that no name leads to is no riddle when recorded tests ran through it`() {
        var lost = situation(change(1, path: "shop/hidden.py"))
        #expect(Selector.select(lost).everythingBecause.map(\.rule) == ["unreached change"])
        var run = RecordedRun(
            TestReport(cases: [ReportedCase(group: "tests.test_money.TestMoney", name: "test_add", verdict: .passed)]), commit: "c0",
            branch: "",
            isWhole: true, location: CaseLocation(tests: [test]))
        run.footprint = footprint {
            $0.add("shop/hidden.py", lines: [1], of: TestFootprint.Case(unit: TestID(test), name: "TestMoney::test_add"))
        }
        lost.history.add(run)
        #expect(Selector.select(lost).everythingBecause.isEmpty)
    }

    @Test func `a run of some cases does not pass for the time of the whole file`() {
        var history = situation(change(9)).history
        history.record(
            TestReport(cases: [ReportedCase(group: "tests.test_money.TestMoney", name: "test_take", verdict: .passed, seconds: 1)]),
            commit: "c1",
            branch: "", isWhole: false, location: CaseLocation(tests: [test]))
        #expect(history.lastSeconds[TestID(test)] == 10)
    }

    @Test(arguments: [
        ("tests.test_money.TestMoney", "test_add", "TestMoney::test_add"), ("tests.test_money", "test_add", "test_add"),
        ("tests.test_money", "test add; rm -rf", nil), ("other", "test_add", nil),
    ]) func `a case is named as its runner names it, or not at all`(group: String, name: String, expected: String?) {
        #expect(CasePath(ReportedCase(group: group, name: name, verdict: .passed), in: test)?.name == expected)
    }

    // MARK: V8

    @Test func `lines of which all lies in what V8 did not run are idle`() throws {
        let text = "function a() {\n  return 'é😀';\n}\nfunction b() {\n  return 2;\n}\na();\n"
        let units = Array(text.utf16)
        let start = try #require(text.firstRange(of: "function b")).lowerBound.utf16Offset(in: text)
        let end = try #require(text.firstRange(of: "}\na()")).lowerBound.utf16Offset(in: text) + 1
        let json = """
            {"result": [{"scriptId": "1", "url": "file:///w/lib/a%20b.js", "functions": [
              {"functionName": "", "ranges": [{"startOffset": 0, "endOffset": \(units.count), "count": 1}], "isBlockCoverage": true},
              {"functionName": "b", "ranges": [{"startOffset": \(start), "endOffset": \(end), "count": 0}], "isBlockCoverage": false}]},
              {"scriptId": "2", "url": "node:internal/x", "functions": []}]}
            """
        let coverage = try V8Coverage(parsing: Array(json.utf8))
        #expect(coverage.scripts.map(\.path) == ["/w/lib/a b.js"])
        #expect(coverage.scripts.first?.lines(of: Array(text.utf8)) == [1, 2, 3, 7])
        #expect(throws: UnreadableReport.self) { try V8Coverage(parsing: Array("{}".utf8)) }
    }
}
