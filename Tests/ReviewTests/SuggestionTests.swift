import Basics
import Policy
import Review
import TestSupport
import Testing

/// A suggestion is offered for committing only when its file stays readable, where that can be told.
@Suite struct SuggestionTests {
    private func isCommittable(_ text: String, path: String, quote: String, suggestion: String) async -> Bool? {
        let finding = SampleChange.finding(quote, path: path, suggestion: suggestion)
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(
            SampleChange.adding(text, path: path), model: nil, others: [finding])
        return result.placements.first?.isCommittable
    }

    @Test(arguments: [
        ("a.json", "{\n  \"a\": 1,\n  \"b\": 2\n}", "  \"a\": 1,", "  \"a\": 3,", true),
        ("a.json", "{\n  \"a\": 1,\n  \"b\": 2\n}", "  \"a\": 1,", "  \"a\": 3", false),
        ("a.yml", "a:\n  - b\n  - c", "  - b", "  - d", true), ("a.yml", "a:\n  - b\n  - c", "  - b", "  - [d", false),
        ("a.xml", "<a>\n  <b/>\n</a>", "  <b/>", "  <c/>", true), ("a.xml", "<a>\n  <b/>\n</a>", "  <b/>", "  <c>", false),
        ("a.go", "func f() {\n\tx := g(1)\n}", "\tx := g(1)", "\tx := g(2)", true),
        ("a.go", "func f() {\n\tx := g(1)\n}", "\tx := g(1)", "\tif ok {\n\t\tx := g(1)", false),
        ("a.go", "func f() {\n\tx := g(1)\n}", "\tx := g(1)", "x := g(2)", false),
        ("a.go", "func f() {\n\tx := g(1)\n}", "\tx := g(1)", "-\tx := g(1)\n+\tx := g(2)", false),
        ("a.swift", "func f() {\n    g(1)\n}", "    g(1)", "    /* g(1)", false),
        ("a.py", "def f():\n    if x:\n        g(1)\n", "    if x:", "    if x and y:", true),
        ("a.py", "def f():\n    if x:\n        g(1)\n", "    if x:", "    h(x)", false),
        ("a.py", "def f():\n    if x:\n        g(1)\n", "    if x:", "", false),
        ("a.py", "def f():\n    g(1)\n", "    g(1)", "    if x:\n    g(1)", false),
        ("a.py", "def f():\n    g(1)\n", "    g(1)", "    x = 1\n        g(1)", false),
        ("a.py", "def f():\n    g(1)\n", "    g(1)", "    g(\n        1,\n        2)\n    if y:\n        h()", true),
        ("a.py", "def f():\n    g(1)\n", "    g(1)", "    \"\"\"Text", false),
    ])
    func `a replacement that breaks the file is not one click away`(
        path: String, text: String, quote: String, suggestion: String, expected: Bool
    ) async {
        #expect(await isCommittable(text, path: path, quote: quote, suggestion: suggestion) == expected, "\(path)")
    }
}
