import Glibc
import Testing
import WorkflowLint

/// `docs/workflow-rules.md` is the fixture of every rule: its first example has the finding, its second has not.
@Suite struct RuleDocumentationTests {
    struct Section: Sendable, CustomTestStringConvertible {
        var id: String
        var severity: String
        var hit: String
        var clean: String
        var testDescription: String { id }
    }

    static let sections: [Section] = read("docs/workflow-rules.md").components(between: "\n## ").dropFirst().map { text in
        let blocks = text.components(between: "```yaml\n").dropFirst().map { $0.components(between: "\n```")[0] }
        let id = text.components(between: "\n")[0]
        let severity = text.components(between: "*").dropFirst().first ?? ""
        return Section(id: id, severity: severity, hit: blocks.first ?? "", clean: blocks.dropFirst().first ?? "")
    }

    static func read(_ path: String) -> String {
        let root = #filePath.components(between: "/Tests/")[0]
        guard let file = fopen(root + "/" + path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Steps become a workflow, everything gets an event.
    private func rules(in example: String, _ id: String) -> [WorkflowDiagnostic] {
        var text = example
        if text.hasPrefix("- ") {
            let steps = text.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
            text = "jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" + steps
        }
        let isAction = id == "action-metadata"
        if !isAction, !text.hasPrefix("on:") { text = "on: push\n" + text }
        return WorkflowLinter.lint(Array((text + "\n").utf8), path: isAction ? "action.yml" : ".github/workflows/x.yml").filter {
            $0.rule == id
        }
    }

    @Test func `every rule has its section, with its severity`() {
        #expect(Set(Self.sections.map(\.id)) == Set(RuleRegistry.catalogue.map(\.id)))
        for rule in RuleRegistry.catalogue {
            #expect(Self.sections.first { $0.id == rule.id }?.severity == rule.severity.rawValue + ".", "\(rule.id)")
        }
    }

    @Test(arguments: sections) func `the first example has the finding and the second has not`(section: Section) {
        let found = rules(in: section.hit, section.id)
        #expect(!found.isEmpty, "\(section.hit)")
        #expect(found.allSatisfy { $0.severity.rawValue + "." == section.severity })
        #expect(rules(in: section.clean, section.id).isEmpty, "\(section.clean)")
    }
}

extension String {
    func components(between separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
