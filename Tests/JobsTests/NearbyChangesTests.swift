import Testing

@testable import Jobs

@Suite struct NearbyChangesTests {
    @Test(arguments: [
        ("Merge pull request #12 from mona/topic\n\nTitle", "12"), ("Merge pull request 'Fix it' (#9) from topic into main", "9"),
        ("Fix the parser (#345)", "345"), ("Fix (#1) the parser (#2)\n\nbody (#3)", "2"),
    ])
    func `a merge is known by the words of either forge`(message: String, number: String) {
        #expect(NearbyChanges.pullRequest(mergedBy: message) == number)
    }

    @Test(arguments: [
        "", "Fix #12", "Fix (#12) of the parser", "Merge branch 'main'", "Merge pull request #", "(#)", "(#x)",
        "Title (#12345678901234567890)",
    ])
    func `other messages name no merge`(message: String) {
        #expect(NearbyChanges.pullRequest(mergedBy: message) == nil)
    }
}
