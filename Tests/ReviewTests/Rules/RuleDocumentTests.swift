import Review
import TestSupport
import Testing

@Suite struct RuleDocumentTests {
    @Test func `docs slash rules tells of every rule what the code says`() throws {
        let text = try Repository.text("docs/rules.md")
        for rule in BuiltInRules.all {
            let row = "| `\(rule.id)` | \(rule.severity.rawValue) | \(rule.category.rawValue) | \(rule.finds) |"
            #expect(text.contains(row), "expected this row in docs/rules.md:\n\(row)")
            #expect(!rule.why.isEmpty && !rule.fix.isEmpty)
        }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("| `") } == BuiltInRules.all.count)
        #expect(Set(BuiltInRules.all.map(\.id)).count == BuiltInRules.all.count)
    }
}
