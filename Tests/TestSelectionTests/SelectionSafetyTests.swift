import Basics
import Testing
import Text

@testable import TestSelection

/// What selection must never skip wrongly, one row each: either everything runs, or the test in question does.
@Suite struct SelectionSafetyTests {
    /// A Python project of two packages, each with a test, thirty recorded green runs and a few red ones.
    private func situation(_ files: [SourceChange.File], configure: (inout SelectionSituation) -> Void = { _ in }) -> SelectionSituation {
        var situation = SelectionSituation(
            request: SelectionRequest(
                budget: .share(0.01), branch: "feature", protectedBranches: ["main", "release/**"], wholeRunEvery: 0),
            change: SourceChange(files: files),
            tests: [
                ("tests/test_money.py", Array("from shop.money import Money\ndef test_money(): Money()\n".utf8)),
                ("tests/test_basket.py", Array("from shop.basket import Basket\nopen('fixtures/prices.csv')\n".utf8)),
                ("tests/test_slow.py", Array("import shop\n".utf8)),
            ],
            sources: [
                ("shop/money.py", Array("class Money: pass\n".utf8)), ("shop/basket.py", Array("from shop.money import Money\n".utf8)),
                ("shop/plugins.py", Array("load(\"shop.audit\")\n".utf8)), ("services.xml", Array("<bean class=\"shop.hidden\"/>".utf8)),
            ])
        let location = CaseLocation(tests: situation.tests.map(\.path))
        for index in 0..<30 {
            let cases = ["tests.test_money", "tests.test_basket", "tests.test_slow"].map { group in
                ReportedCase(
                    group: group, name: "test_x",
                    verdict: index.isMultiple(of: 6) && group.hasSuffix("slow") && index < 29 ? .failed : .passed, seconds: 10)
            }
            situation.history.record(TestReport(cases: cases), commit: "c\(index)", branch: "feature", isWhole: true, location: location)
        }
        configure(&situation)
        return situation
    }

    private func file(_ path: String, kind: FileDiff.Change = .modified, from previous: String? = nil, text: String = "")
        -> SourceChange.File
    {
        let hunk = Hunk(
            oldStart: 1, oldCount: 1, newStart: 1, newCount: 1, section: "",
            lines: [
                DiffLine(kind: .removed, oldNumber: 1, newNumber: nil, text: "a"),
                DiffLine(kind: .added, oldNumber: nil, newNumber: 1, text: "b"),
            ])
        return SourceChange.File(path: path, previousPath: previous, kind: kind, hunks: [hunk], new: Array(text.utf8))
    }

    private func rules(_ selection: Selection) -> [String] { selection.everythingBecause.map(\.rule) }

    @Test func `an ordinary change runs a part and says why`() {
        let selection = Selector.select(situation([file("shop/money.py")]) { $0.request.budget = .share(0.4) })
        #expect(selection.everythingBecause.isEmpty)
        #expect(selection.run.map(\.unit.name) == ["tests/test_money.py"])
        #expect(selection.run.allSatisfy { !$0.reasons.isEmpty })
        #expect(selection.rest.count == 2)
    }

    @Test(arguments: [SelectionRequest.Budget.share(0.01), .seconds(1)])
    func `the test that would most likely fail runs although it takes more than the budget, and says so`(budget: SelectionRequest.Budget) {
        let selection = Selector.select(situation([file("shop/money.py")]) { $0.request.budget = budget })
        #expect(selection.everythingBecause.isEmpty)
        #expect(selection.run.map(\.unit.name) == ["tests/test_money.py"])
        #expect(selection.run.first?.reasons.first == "likeliest to fail: it runs although it takes more than the budget")
    }

    @Test(arguments: [
        ("a lock file", "poetry.lock", "file that all tests depend on"),
        ("a toolchain file", ".python-version", "file that all tests depend on"),
        ("a CI file", ".github/workflows/ci.yml", "file that all tests depend on"),
        ("a build file", "pyproject.toml", "file that all tests depend on"),
        ("shared set-up", "tests/conftest.py", "file that all tests depend on"),
        ("vendored code", "vendor/lib/a.py", "file that all tests depend on"),
        ("generated code by folder", "shop/generated/api.py", "file that all tests depend on"),
        ("generated code by name", "shop/api_pb2.py", "file that all tests depend on"),
        ("an unknown language", "shop/kernel.zig", "file that all tests depend on"),
        ("our own configuration on the head", ".fettle.yml", "file that all tests depend on"),
        ("data that no test names", "shop/tables/rates.json", "data file"), ("a class loaded by name", "shop/audit.py", "loaded by name"),
        ("a class named in configuration", "shop/hidden.py", "loaded by name"),
        ("a source no test reaches", "shop/orphan.py", "unreached change"),
    ]) func `everything runs after a change of`(what: String, path: String, rule: String) {
        let selection = Selector.select(situation([file(path)]))
        #expect(rules(selection).contains(rule), "\(what): \(rules(selection))")
        #expect(selection.rest.isEmpty)
    }

    @Test func `everything runs after moves and removals of sources, and changes of case`() {
        for changed in [
            file("shop/money.py", kind: .removed), file("shop/coin.py", kind: .renamed, from: "shop/money.py"),
            file("shop/Money.py", kind: .renamed, from: "shop/money.py"),
        ] {
            #expect(rules(Selector.select(situation([changed]))).contains("removed or renamed source"))
        }
    }

    @Test func `everything runs after changes that cannot be read`() {
        var binary = file("shop/money.py")
        binary.isBinary = true
        var link = file("shop/money.py")
        link.isLink = true
        var submodule = file("lib")
        submodule.isSubmodule = true
        for changed in [binary, link, submodule] {
            #expect(rules(Selector.select(situation([changed]))).contains("change that cannot be read"))
        }
    }

    @Test func `everything runs when nothing differs, and when too much does`() {
        #expect(rules(Selector.select(situation([]))) == ["empty change"])
        let many = (0..<200).map { file("shop/money\($0).py") }
        #expect(rules(Selector.select(situation(many))).contains("huge change"))
    }

    @Test func `everything runs when the base is missing or the clone is shallow`() {
        let selection = Selector.select(situation([file("shop/money.py")]) { $0.changeProblems = ["the history of this clone is cut off"] })
        #expect(rules(selection) == ["unreadable change"])
        #expect(selection.rest.isEmpty)
    }

    @Test func `everything runs when the history is damaged or the last report could not be read`() {
        #expect(rules(Selector.select(situation([file("shop/money.py")]) { $0.historyProblem = "damaged" })) == ["unreadable history"])
        let selection = Selector.select(
            situation([file("shop/money.py")]) {
                $0.history.record(
                    TestReport(), commit: "x", branch: "feature", isWhole: true, isDamaged: true, location: CaseLocation(tests: []))
            })
        #expect(rules(selection) == ["unreadable history"])
    }

    @Test(arguments: ["main", "release/1.2"]) func `everything runs on protected branches`(branch: String) {
        #expect(rules(Selector.select(situation([file("shop/money.py")]) { $0.request.branch = branch })) == ["protected branch"])
    }

    @Test func `everything runs each time a whole run is due`() {
        #expect(rules(Selector.select(situation([file("shop/money.py")]) { $0.request.wholeRunEvery = 15 })) == ["regular whole run"])
    }

    @Test func `everything runs when the past is too short for the confidence asked for`() {
        let selection = Selector.select(situation([file("shop/money.py")]) { $0.request.budget = .confidence(0.95) })
        #expect(rules(selection) == ["past too short"])
        #expect(selection.rest.isEmpty)
    }

    @Test(arguments: [
        ("a changed test", "changed test"), ("a new test", "changed test"), ("a moved test", "changed test"),
        ("a test never recorded", "never recorded"),
        ("a linked test", "linked test"), ("a test that failed last time", "failed last time"), ("an always-run test", "always run"),
        ("a test that names changed data", "data file"),
    ]) func `it always runs, whatever the budget:`(what: String, rule: String) {
        var wanted = "tests/test_slow.py"
        let selection: Selection
        switch what {
        case "a changed test": selection = Selector.select(situation([file(wanted)]))
        case "a new test": selection = Selector.select(situation([file(wanted, kind: .added)]))
        case "a moved test": selection = Selector.select(situation([file(wanted, kind: .renamed, from: "old/test_slow.py")]))
        case "a linked test":
            wanted = "tests/test_linked.py"
            selection = Selector.select(situation([file("shop/money.py")]) { $0.linkedTests = ["tests/test_linked.py"] })
        case "a test that failed last time":
            selection = Selector.select(
                situation([file("shop/money.py")]) {
                    $0.history.record(
                        TestReport(cases: [ReportedCase(group: "tests.test_slow", name: "x", verdict: .failed)]), commit: "z",
                        branch: "feature",
                        isWhole: true, location: CaseLocation(tests: ["tests/test_slow.py"]))
                })
        case "an always-run test": selection = Selector.select(situation([file("shop/money.py")]) { $0.request.always = ["tests/*slow*"] })
        case "a test that names changed data":
            wanted = "tests/test_basket.py"
            selection = Selector.select(situation([file("fixtures/prices.csv")]))
        default:
            wanted = "tests/test_new.py"
            selection = Selector.select(situation([file("shop/money.py")]) { $0.tests.append(("tests/test_new.py", [])) })
        }
        #expect(selection.everythingBecause.isEmpty)
        #expect(selection.run.first { $0.unit.name == wanted }?.rules.map(\.rule).contains(rule) == true)
    }

    @Test func `the order of sessions is the order of recording, whatever clocks say`() {
        let selection = Selector.select(
            situation([file("shop/money.py")]) { situation in
                let location = CaseLocation(tests: ["tests/test_slow.py"])
                for verdict in [ReportedCase.Verdict.failed, .passed] {
                    situation.history.record(
                        TestReport(cases: [ReportedCase(group: "tests.test_slow", name: "x", verdict: verdict)]), commit: "same",
                        branch: "feature",
                        isWhole: true, location: location)
                }
            })
        #expect(!selection.run.contains { $0.rules.contains { $0.rule == "failed last time" } })
    }

    @Test func `a first failure counts although the test is flaky`() {
        let selection = Selector.select(
            situation([file("shop/money.py")]) { situation in
                let location = CaseLocation(tests: ["tests/test_slow.py"])
                for _ in 0..<3 {
                    situation.history.record(
                        TestReport(cases: [ReportedCase(group: "tests.test_slow", name: "x", verdict: .passed, passedOnRetry: true)]),
                        commit: "f",
                        branch: "feature", isWhole: true, location: location)
                }
                situation.history.record(
                    TestReport(cases: [ReportedCase(group: "tests.test_slow", name: "x", verdict: .failed)]), commit: "g",
                    branch: "feature",
                    isWhole: true, location: location)
            })
        #expect(selection.run.contains { $0.unit.name == "tests/test_slow.py" && $0.rules.contains { $0.rule == "failed last time" } })
    }

    @Test func `a file that no whole run collects is no part of the suite until it changes`() {
        func situation(_ changed: SourceChange.File) -> SelectionSituation {
            self.situation([changed]) { situation in
                situation.tests.append(("examples/test_demo.py", []))
                situation.history.record(
                    TestReport(cases: [ReportedCase(group: "tests.test_slow", name: "x", verdict: .passed)]), commit: "w",
                    branch: "feature",
                    isWhole: true, location: CaseLocation(tests: situation.tests.map(\.path)))
            }
        }
        let selection = Selector.select(situation(file("shop/money.py")))
        #expect(selection.outside.map(\.name).contains("examples/test_demo.py"))
        #expect(!(selection.run + selection.rest).contains { $0.unit.name == "examples/test_demo.py" })
        let changed = Selector.select(situation(file("examples/test_demo.py")))
        #expect(changed.run.contains { $0.unit.name == "examples/test_demo.py" })
    }

    @Test func `no test is in both lists or in neither`() {
        for share in [0, 0.2, 0.5, 1] {
            let selection = Selector.select(situation([file("shop/money.py")]) { $0.request.budget = .share(share) })
            let all = selection.run.map(\.unit.name) + selection.rest.map(\.unit.name)
            #expect(all.sorted() == ["tests/test_basket.py", "tests/test_money.py", "tests/test_slow.py"])
        }
    }
}
