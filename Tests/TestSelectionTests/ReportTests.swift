import Testing

@testable import TestSelection

@Suite struct ReportTests {
    private func cases(_ text: String) throws -> [ReportedCase] { try ReportReader.read(Array(text.utf8)).cases }

    @Test func `terminal colours in a message, as node writes them, do not make a report unreadable`() throws {
        let text =
            "<testsuites><testcase name=\"adds\" classname=\"test\"><failure message=\"\u{1b}[32m+ actual\u{1b}[39m\"/></testcase></testsuites>"
        #expect(try cases(text).map(\.verdict) == [.failed])
        #expect(try cases(text).first?.group == "")
    }

    @Test(arguments: [
        (
            "pytest",
            #"<testsuites><testsuite name="pytest"><testcase classname="tests.test_a.TestB" name="test_c[1-x]" time="0.1"><failure message="m">t</failure></testcase></testsuite></testsuites>"#,
            "tests.test_a.TestB", "test_c", ReportedCase.Verdict.failed
        ),
        (
            "Surefire",
            #"<testsuite name="a.B" time="1,234.5"><testcase name="works(int)[2]" classname="a.B" time="1,234.5"/></testsuite>"#, "a.B",
            "works", .passed
        ),
        (
            "Gradle", #"<testsuite name="a.B"><testcase name="works()" classname="a.B" time="0.1"><skipped/></testcase></testsuite>"#,
            "a.B", "works", .skipped
        ),
        (
            "Jest",
            #"<testsuites name="jest tests"><testsuite name="adds"><testcase classname="adds two" name="adds two" time="0.001"/></testsuite></testsuites>"#,
            "adds two", "adds two", .passed
        ),
        (
            "gotestsum",
            #"<testsuites><testsuite name="example.org/m/p"><testcase classname="example.org/m/p" name="TestA/case_1" time="0.0"><failure/></testcase></testsuite></testsuites>"#,
            "example.org/m/p", "TestA", .failed
        ),
        (
            "nextest",
            #"<testsuites name="nextest-run"><testsuite name="crate::it"><testcase name="mod::works" classname="crate::it" time="0.1"><error/></testcase></testsuite></testsuites>"#,
            "crate::it", "mod::works", .failed
        ),
        (
            ".NET",
            #"<testsuites><testsuite name="A.dll"><testcase classname="A.B" name="Adds(x: 1, y: 2)" time="0.1"/></testsuite></testsuites>"#,
            "A.B", "Adds", .passed
        ),
        (
            "PHPUnit",
            #"<testsuites><testsuite name=""><testsuite name="ATest" file="/w/tests/ATest.php"><testsuite name="ATest::testB"><testcase name="testB with data set #0 (1)" class="ATest" file="/w/tests/ATest.php" time="0.1"/></testsuite></testsuite></testsuite></testsuites>"#,
            "ATest", "testB", .passed
        ),
        (
            "RSpec",
            #"<testsuite name="rspec"><testcase classname="spec.a_spec" name="A works" file="./spec/a_spec.rb" time="0.1"><failure/></testcase></testsuite>"#,
            "spec.a_spec", "A works", .failed
        ),
        (
            "SwiftPM",
            #"<testsuites><testsuite name="TestResults"><testcase classname="ATests.BTests" name="testC()" time="0.1"/></testsuite></testsuites>"#,
            "ATests.BTests", "testC", .passed
        ),
        (
            "GoogleTest",
            #"<testsuites name="AllTests"><testsuite name="A"><testcase name="B" status="notrun" result="suppressed" classname="A" time="0."/></testsuite></testsuites>"#,
            "A", "B", .skipped
        ),
    ]) func `a report is read as its runner writes it`(
        runner: String, text: String, group: String, name: String, verdict: ReportedCase.Verdict
    ) throws {
        let found = try cases(text)
        #expect(found.map(\.group) == [group], "\(runner)")
        #expect(found.map(\.name) == [name])
        #expect(found.map(\.verdict) == [verdict])
    }

    @Test func `a pass on retry is a pass that is remembered`() throws {
        let found = try cases(#"<testsuite name="a"><testcase name="t" classname="a"><flakyFailure message="m"/></testcase></testsuite>"#)
        #expect(found.map(\.verdict) == [.passed])
        #expect(found.map(\.passedOnRetry) == [true])
    }

    @Test func `go test events are read, and what was cut off counts as failed`() throws {
        let found = try cases(
            """
            {"Action":"run","Package":"m/p","Test":"TestA"}
            not an event
            {"Action":"fail","Package":"m/p","Test":"TestA/x","Elapsed":0.1}
            {"Action":"fail","Package":"m/p","Test":"TestA","Elapsed":0.2}
            {"Action":"pass","Package":"m/p","Test":"TestB","Elapsed":0.5}
            {"Action":"run","Package":"m/p","Test":"TestCut"}
            {"Action":"fail","Package":"m/broken","Elapsed":0}
            """)
        #expect(found.filter { $0.verdict == .failed }.map(\.name) == ["", "TestA", "TestCut"])
        #expect(found.first { $0.name == "TestB" }?.seconds == 0.5)
    }

    @Test(arguments: [
        "", "   ", "<html/>", "<testsuite><testcase name='a'>", "{}", "plain text", "<testsuite><testcase name='a'></testsuite>",
    ])
    func `what cannot be read is refused, never taken for an empty run`(text: String) {
        #expect(throws: UnreadableReport.self) { try cases(text) }
    }

    @Test(arguments: [
        ("a.b.CTest", nil, ["src/test/java/a/b/CTest.java"]), ("tests.test_a.TestB", nil, ["tests/test_a.py"]),
        ("tests.test_a", nil, ["tests/test_a.py"]),
        ("example.org/m/pkg", nil, ["pkg/x_test.go", "pkg/y_test.go"]), ("AppTests.FooTests", nil, ["Tests/AppTests/Sub/FooTests.swift"]),
        ("anything", "./spec/a_spec.rb", ["spec/a_spec.rb"]), ("anything", "/ci/work/spec/a_spec.rb", ["spec/a_spec.rb"]),
        ("unknown", nil, []),
        ("a.b.CTest$Inner", nil, ["src/test/java/a/b/CTest.java"]),
    ]) func `a case is found in its file`(group: String, file: String?, expected: [String]) {
        let location = CaseLocation(tests: [
            "src/test/java/a/b/CTest.java", "tests/test_a.py", "pkg/x_test.go", "pkg/y_test.go", "Tests/AppTests/Sub/FooTests.swift",
            "spec/a_spec.rb",
        ])
        #expect(location.files(of: ReportedCase(group: group, name: "t", file: file, verdict: .passed)) == expected)
    }

    @Test(arguments: ["/ci/work/web/cart.test.js", "web/cart.test.js"]) func `a case that node names by a file is of that file`(
        name: String
    ) {
        let location = CaseLocation(tests: ["web/cart.test.js", "web/till.test.js"])
        #expect(location.files(of: ReportedCase(group: "tests", name: name, verdict: .failed)) == ["web/cart.test.js"])
        #expect(location.files(of: ReportedCase(group: "tests", name: "and/or", verdict: .failed)).isEmpty)
    }

    @Test func `two cases of one name are one unit, failed when either did`() {
        var history = RunHistory()
        let cases = [ReportedCase(group: "A", name: "t", verdict: .failed), ReportedCase(group: "A", name: "t", verdict: .passed)]
        history.record(TestReport(cases: cases), commit: "c", branch: "", isWhole: true, location: CaseLocation(tests: []))
        #expect(history.sessions.map { history.failed(in: $0) } == [[TestID("A")]])
    }

    @Test func `a history survives being written and read, and a damaged one is refused`() throws {
        var history = RunHistory()
        history.record(
            TestReport(cases: [ReportedCase(group: "A", name: "t", verdict: .failed, seconds: 1.5)]), commit: "c", branch: "b",
            isWhole: true,
            location: CaseLocation(tests: []))
        let bytes = history.serialized()
        #expect(try RunHistory(parsing: bytes) == history)
        #expect(throws: RunHistory.Unreadable.self) { try RunHistory(parsing: bytes.dropLast(3)) }
        let wild = String(decoding: bytes, as: UTF8.self).replacing("\"ran\":[0]", with: "\"ran\":[7]")
        #expect(throws: RunHistory.Unreadable.self) { try RunHistory(parsing: Array(wild.utf8)) }
    }

    @Test func `failures that the same commit also passed are flips, not lessons`() {
        var history = RunHistory()
        for verdict in [ReportedCase.Verdict.failed, .passed, .failed, .passed] {
            history.record(
                TestReport(cases: [ReportedCase(group: "A", name: "t", verdict: verdict)]), commit: "same", branch: "", isWhole: true,
                location: CaseLocation(tests: []))
        }
        #expect(Flakiness.all(in: history).map(\.flips) == [2])
        #expect(Flakiness.all(in: history).first?.isFlaky == true)
        #expect(history.learningSessions.allSatisfy { !$0.isRed })
    }

    @Test func `a lasting slowdown is found in noise, and noise alone is not`() {
        var random = SplitMix(state: 4)
        func noise() -> Double { Double(random.next() % 1000) / 1000 * 0.3 }
        let quiet = (0..<40).map { _ in 1 + noise() }
        #expect(DurationShift(in: quiet) == nil)
        let slower = quiet.prefix(25) + (0..<15).map { _ in 2 + noise() }
        let shift = DurationShift(in: Array(slower))
        #expect(shift != nil)
        #expect(abs((shift?.runs ?? 0) - 15) <= 1)
        var spiky = quiet
        spiky[7] = 30
        spiky[20] = 25
        #expect(DurationShift(in: spiky) == nil)
    }
}
