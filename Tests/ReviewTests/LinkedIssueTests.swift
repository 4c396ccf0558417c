import Basics
import Policy
import Review
import TestSupport
import Testing

@Suite struct LinkedIssueTests {
    @Test(arguments: [
        ("Fixes #12", [12]), ("closes: #3 and resolves #4", [3, 4]), ("see #5", []), ("fixes #", []), ("Fixes #12 fixes #12", [12]),
        ("<!-- fixes #9 -->", []), ("fixes owner/repo#1", []), ("fixes #99999999999999999999", []), ("fixes #1 fixes #2 fixes #3", [1, 2]),
    ])
    func `issues a description closes are found`(text: String, numbers: [Int]) {
        #expect(LinkedIssue.numbers(in: UntrustedText(text)) == numbers)
    }

    @Test(arguments: [true, false]) func `what an issue asks for and the change lacks is told only where an issue was read`(isLinked: Bool)
        async
    {
        var change = SampleChange.change
        if isLinked { change.linkedIssues = [LinkedIssue(number: 7, title: "Euros", body: "Prices in euros")] }
        let reply =
            #"{"summary": "s", "findings": [{"path": "", "quote": "", "category": "compliance", "severity": "medium", "title": "Euros are missing", "body": "b", "confidence": 0.9}]}"#
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(change, model: ScriptedModel(texts: [reply]))
        #expect(result.placements.map(\.disposition) == [isLinked ? .summary : .suppressed])
    }
}
