import Basics
import Forge
import Policy
import Review
import Testing

/// What CI has said on a line is not said there once more.
@Suite struct ToldByChecksTests {
    private func disposition(
        _ finding: Finding, saying message: UntrustedText, at lines: ClosedRange<Int> = 44...44, path: String = "src/app.py",
        title: UntrustedText = ""
    ) async -> Disposition? {
        var change = SampleChange.change
        change.annotations = [CheckAnnotation(check: "lint", path: path, lines: lines, title: title, message: message)]
        let result = await ReviewEngine(rules: [], redactor: Redactor()).review(change, model: nil, others: [finding])
        if result.placements.first?.disposition == .suppressed {
            #expect(result.placements.first?.reason == "CI has said it already (lint)")
        }
        return result.placements.first?.disposition
    }

    private let division = SampleChange.finding("    count = len(data) / 0", title: "Division by zero")

    @Test func `the same in similar words on the same line is held back, with the check's name`() async {
        #expect(await disposition(division, saying: "ZeroDivisionError: division by zero") == .suppressed)
        #expect(await disposition(division, saying: "by zero", title: "Division") == .suppressed)
        #expect(await disposition(division, saying: "division by zero", at: 40...50) == .suppressed)
    }

    @Test func `another line, another file and another defect are not`() async {
        #expect(await disposition(division, saying: "division by zero", at: 45...46) == .inline)
        #expect(await disposition(division, saying: "division by zero", path: "src/other.py") == .inline)
        #expect(await disposition(division, saying: "line too long (90 > 79 characters)") == .inline)
    }

    @Test func `a tool's finding is known by its rule's name`() async {
        let tool = Finding(
            path: "src/app.py", target: .lines(44...44), severity: .medium, category: .bug, title: "Unused variable", body: "b",
            source: .tool(name: "ruff", rule: "F841"))
        #expect(await disposition(tool, saying: "F841 local variable is assigned to but never used") == .suppressed)
        #expect(await disposition(tool, saying: "E501 too long") == .inline)
    }
}
