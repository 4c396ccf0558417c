import Basics

/// Findings of other tools, as SARIF 2.1.0 reports them. Everything in a report is untrusted.
///
/// Source: docs.oasis-open.org/sarif/sarif/v2.1.0 (§3.13 sarifLog, §3.14 run, §3.27 result, §3.29 physicalLocation)
package enum SARIFReader {
    package struct Unreadable: Error, Sendable {
        package let reason: String
    }

    /// Results that were suppressed in the tool, did not fail, or were there before the change are left out.
    package static func findings(in bytes: [UInt8]) throws(Unreadable) -> [Finding] {
        let report: JSONValue
        do {
            report = try JSONValue(parsing: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        } catch {
            throw Unreadable(reason: "\(error)")
        }
        guard let runs = report["runs"]?.array else { throw Unreadable(reason: "it has no \"runs\"") }
        return runs.flatMap(findings)
    }

    private static func findings(in run: JSONValue) -> [Finding] {
        let tool = run["tool"]?["driver"]?["name"]?.string ?? "tool"
        let rules = run["tool"]?["driver"]?["rules"]?.array ?? []
        return (run["results"]?.array ?? []).compactMap { result in
            let kind = result["kind"]?.string ?? "fail"
            guard kind == "fail", (result["suppressions"]?.array ?? []).isEmpty,
                !["unchanged", "absent"].contains(result["baselineState"]?.string ?? "")
            else { return nil }
            let rule = rule(of: result, among: rules)
            return finding(result, tool: tool, rule: rule)
        }
    }

    private static func rule(of result: JSONValue, among rules: [JSONValue]) -> JSONValue? {
        let index = result["ruleIndex"]?.int ?? result["rule"]?["index"]?.int
        if let index, rules.indices.contains(index) { return rules[index] }
        guard let id = result["ruleId"]?.string ?? result["rule"]?["id"]?.string else { return nil }
        return rules.first { $0["id"]?.string == id }
    }

    private static func finding(_ result: JSONValue, tool: String, rule: JSONValue?) -> Finding {
        let place = result["locations"]?[0]?["physicalLocation"]
        let path = path(place?["artifactLocation"])
        let id = result["ruleId"]?.string ?? rule?["id"]?.string
        let message = message(result["message"], rule: rule)
        let title = rule?["shortDescription"]?["text"]?.string ?? id ?? tool
        return Finding(
            path: UntrustedText(path), target: target(place?["region"], hasPath: !path.isEmpty),
            severity: severity(result, rule: rule), category: category(rule), title: UntrustedText(title),
            body: UntrustedText(message), source: .tool(name: tool, rule: id))
    }

    private static func target(_ region: JSONValue?, hasPath: Bool) -> Finding.Target {
        guard hasPath else { return .change }
        guard let start = region?["startLine"]?.int, start >= 1 else { return .file }
        return .lines(start...max(start, region?["endLine"]?.int ?? start))
    }

    /// Relative to the repository: `file:` addresses and leading `./` taken off, percent signs decoded.
    private static func path(_ artifact: JSONValue?) -> String {
        guard let uri = artifact?["uri"]?.string else { return "" }
        var path = uri.percentDecoded[...]
        if path.hasPrefix("file://") { path = path.dropFirst(7) }
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        return String(path)
    }

    private static func message(_ message: JSONValue?, rule: JSONValue?) -> String {
        if let text = message?["text"]?.string { return text }
        guard let id = message?["id"]?.string, var text = rule?["messageStrings"]?[id]?["text"]?.string else { return "" }
        for (index, argument) in (message?["arguments"]?.array ?? []).prefix(20).enumerated() {
            text = text.replacing("{\(index)}", with: argument.string ?? "")
        }
        return text
    }

    /// The level, sharpened by the CVSS-like number that code scanning tools give. Source: docs.github.com, SARIF support for code scanning
    private static func severity(_ result: JSONValue, rule: JSONValue?) -> Severity {
        let scale = rule?["properties"]?["security-severity"]
        if let score = scale?.double ?? scale?.string.flatMap(Double.init) {
            return score >= 9 ? .critical : score >= 7 ? .high : score >= 4 ? .medium : .low
        }
        return switch result["level"]?.string ?? rule?["defaultConfiguration"]?["level"]?.string ?? "warning" {
        case "error": .high
        case "note": .low
        case "none": .info
        default: .medium
        }
    }

    private static func category(_ rule: JSONValue?) -> Category {
        let properties = rule?["properties"]
        let tags = (properties?["tags"]?.array ?? []).compactMap(\.string)
        return tags.contains("security") || properties?["security-severity"] != nil ? .security : .maintainability
    }
}

extension String {
    /// `%20` and its kin decoded; what is no valid encoding stays.
    fileprivate var percentDecoded: String {
        let bytes = Array(utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
