package import Basics

/// Reviewdog's formats: one `rdjson` object, or a diagnostic a line (`rdjsonl`).
package struct RDJSONReport: ToolReport {
    package let name = "rdjson"

    package init() {}

    package func findings(in text: UntrustedText, root: String) -> [Finding] {
        if let document = try? JSONValue(parsing: text.raw.utf8), let list = document["diagnostics"]?.array {
            let source = document["source"]?["name"]?.string
            return Array(list.compactMap { finding($0, source: source, root: root) }.prefix(ToolReports.mostFindings))
        }
        let lines = text.raw.textLines.prefix(ToolReports.mostFindings)
        return lines.compactMap { line in (try? JSONValue(parsing: line.utf8)).flatMap { finding($0, source: nil, root: root) } }
    }

    private func finding(_ value: JSONValue, source: String?, root: String) -> Finding? {
        let location = value["location"]
        guard let path = location?["path"]?.string, let message = value["message"]?.string,
            let start = location?["range"]?["start"]?["line"]?.int, start >= 1
        else { return nil }
        let end = location?["range"]?["end"]?["line"]?.int ?? start
        return ToolReports.finding(
            tool: value["source"]?["name"]?.string ?? source ?? "rdjson", rule: value["code"]?["value"]?.string,
            path: ToolReports.relative(path, root: root), lines: start...max(start, end), severity: severity(value["severity"]),
            message: message)
    }

    /// A word, or the number of the protocol buffer's enumeration.
    private func severity(_ value: JSONValue?) -> Severity {
        switch value {
        case .string("ERROR"), .integer(1): .high
        case .string("INFO"), .integer(3): .low
        default: .medium
        }
    }
}
