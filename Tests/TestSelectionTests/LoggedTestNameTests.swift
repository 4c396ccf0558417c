import Testing

@testable import TestSelection

@Suite struct LoggedTestNameTests {
    struct Case: Sendable {
        let logged: String
        let file: String?
        let group: String
        let name: String
    }

    @Test(arguments: [
        Case(logged: "tests/test_orders.py::TestShop::test_refund[1-x]", file: "tests/test_orders.py", group: "", name: "test_refund"),
        Case(logged: "./spec/parser_spec.rb:12", file: "spec/parser_spec.rb", group: "", name: "./spec/parser_spec.rb:12"),
        Case(logged: "ext/json/tests/001.phpt", file: "ext/json/tests/001.phpt", group: "", name: "ext/json/tests/001.phpt"),
        Case(logged: "test_refund (tests.test_orders.TestShop)", file: nil, group: "tests.test_orders.TestShop", name: "test_refund"),
        Case(logged: "testParse(com.example.ParserTest)", file: nil, group: "com.example.ParserTest", name: "testParse"),
        Case(logged: "com.example.ParserTest > parses()", file: nil, group: "com.example.ParserTest", name: "parses"),
        Case(logged: "Parser.ReadsNothing", file: nil, group: "Parser", name: "ReadsNothing"),
        Case(logged: "TestParse/case_1", file: nil, group: "", name: "TestParse"),
        Case(logged: "tests::it_works", file: nil, group: "", name: "tests::it_works"),
        Case(logged: "Parser › parses the empty string", file: nil, group: "", name: "Parser › parses the empty string"),
        Case(logged: "(odd", file: nil, group: "", name: "(odd"), Case(logged: "", file: nil, group: "", name: ""),
        Case(logged: "::", file: nil, group: "", name: "::"), Case(logged: "a.py::", file: "a.py", group: "", name: ""),
    ])
    func `a name as a runner logged it says file, group and case`(expected: Case) {
        let reported = ReportedCase(logged: expected.logged, verdict: .failed, seconds: nil)
        #expect(reported.file == expected.file)
        #expect(reported.group == expected.group)
        #expect(reported.name == expected.name)
    }

    @Test func `a logged test is the unit that a report of the same test is`() {
        var history = RunHistory()
        let location = CaseLocation(tests: ["src/test/java/com/example/ParserTest.java"])
        let report = TestReport(cases: [ReportedCase(group: "com.example.ParserTest", name: "testParse", verdict: .passed)])
        history.record(report, commit: "a", branch: "main", isWhole: true, location: location)
        let logged = ReportedCase(logged: "testParse(com.example.ParserTest)", verdict: .failed, seconds: 0.5)
        history.add(RecordedRun(logged: [logged], commit: "b", branch: "main", after: history))
        #expect(history.units.map(\.name) == ["src/test/java/com/example/ParserTest.java"])
        #expect(history.sessions.last.map { history.failed(in: $0).count } == 1)
        #expect(history.lastSeconds.values.first == 0.5)
    }
}
