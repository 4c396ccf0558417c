package import Basics

/// SARIF 2.1.0. Source: docs.oasis-open.org/sarif/sarif/v2.1.0
package struct SARIFReport: ToolReport {
    package let name = "sarif"

    package init() {}

    package func findings(in text: UntrustedText, root: String) -> [Finding] {
        guard let document = try? JSONValue(parsing: text.raw.utf8), let runs = document["runs"]?.array else { return [] }
        return Array(runs.flatMap { findings(inRun: $0, root: root) }.prefix(ToolReports.mostFindings))
    }

    private func findings(inRun run: JSONValue, root: String) -> [Finding] {
        let driver = run["tool"]?["driver"]
        let tool = driver?["name"]?.string ?? "sarif"
        let rules = driver?["rules"]?.array ?? []
        return (run["results"]?.array ?? []).compactMap { result -> Finding? in
            // Results that somebody suppressed in the tool, and passed checks, are no findings.
            if result["suppressions"]?.array?.isEmpty == false || ["pass", "notApplicable"].contains(result["kind"]?.string) { return nil }
            let place = result["locations"]?[0]?["physicalLocation"]
            guard let uri = place?["artifactLocation"]?["uri"]?.string, let message = result["message"]?["text"]?.string,
                let start = place?["region"]?["startLine"]?.int, start >= 1
            else { return nil }
            let end = place?["region"]?["endLine"]?.int ?? start
            let ruleID = result["ruleId"]?.string ?? result["rule"]?["id"]?.string
            let rule = rules.first { $0["id"]?.string == ruleID }
            return ToolReports.finding(
                tool: tool, rule: ruleID, path: ToolReports.relative(Self.decoded(uri), root: root), lines: start...max(start, end),
                severity: severity(result, rule), message: message)
        }
    }

    /// The result's own level, else the rule's default. `security-severity` (0 to 10) counts more where it is given.
    private func severity(_ result: JSONValue, _ rule: JSONValue?) -> Severity {
        if let score = rule?["properties"]?["security-severity"]?.string.flatMap(Double.init) {
            return score >= 9 ? .critical : score >= 7 ? .high : score >= 4 ? .medium : .low
        }
        switch result["level"]?.string ?? rule?["defaultConfiguration"]?["level"]?.string {
        case "error": return .high
        case "note": return .low
        case "none": return .info
        default: return .medium
        }
    }

    private static func decoded(_ uri: String) -> String {
        var result: [UInt8] = []
        var rest = Array(uri.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
