package import Basics

/// Another tool's report, in one of the forms tools write. A new form is a file here and a line in `all`.
package protocol ToolReport: Sendable {
    /// As users name it, e.g. `sarif`.
    var name: String { get }

    /// The findings in it. Text that is not of this form gives none. Paths are made relative to `root` where they begin with it.
    func findings(in text: UntrustedText, root: String) -> [Finding]
}

package enum ToolReports {
    package static let all: [any ToolReport] = [SARIFReport(), RDJSONReport(), LineReport()]

    package static func named(_ name: String) -> (any ToolReport)? { all.first { $0.name == name } }

    /// More than anybody reads; a report may hold thousands.
    static let mostFindings = 5000

    static func relative(_ path: String, root: String) -> String {
        var path = path.hasPrefix("file://") ? String(path.dropFirst(7)) : path
        let folder = root.hasSuffix("/") ? root : root + "/"
        if !root.isEmpty, path.hasPrefix(folder) { path = String(path.dropFirst(folder.count)) }
        while path.hasPrefix("./") { path = String(path.dropFirst(2)) }
        return path
    }

    static func finding(
        tool: String, rule: String?, path: String, lines: ClosedRange<Int>, severity: Severity, message: String, suggestion: String? = nil
    ) -> Finding {
        let title = message.textLines.first { !NormalizedCode.isBlank($0) } ?? message
        return Finding(
            path: UntrustedText(path), target: .lines(lines), severity: severity,
            category: category(tool: tool, rule: rule, severity: severity),
            title: UntrustedText(String(title.prefix(200))), body: UntrustedText(String(message.prefix(4000))),
            suggestion: suggestion.map { UntrustedText($0) },
            source: .tool(name: String(tool.prefix(40)), rule: rule.map { String($0.prefix(80)) }))
    }

    private static func category(tool: String, rule: String?, severity: Severity) -> Category {
        let name = "\(tool) \(rule ?? "")".lowercased()
        if ["secur", "bandit", "gosec", "semgrep", "codeql", "brakeman", "cwe", "trivy"].contains(where: { name.contains($0) }) {
            return .security
        }
        return severity >= .high ? .bug : .maintainability
    }
}
