import Basics
import Text

/// SARIF 2.1.0, as code scanning takes it. Source: docs.oasis-open.org/sarif/sarif/v2.1.0; docs.github.com “SARIF support for code scanning”
package struct SARIFFormat: ReviewFormat {
    package let name = "sarif"

    package init() {}

    package func render(_ report: ReviewReport) -> String {
        let shown = report.result.placements.filter { $0.disposition != .suppressed }
        let ids = Array(Set(shown.map(ruleID))).sorted()
        let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($0.element, $0.offset) })
        let document: JSONValue = .object([
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                .object([
                    "tool": .object(["driver": .object(["name": "fettle", "rules": .array(ids.map(rule))])]),
                    "columnKind": "utf16CodeUnits", "results": .array(shown.map { self.result($0, places, report) }),
                    "invocations": [invocation(report.result)],
                ])
            ],
        ])
        return String(decoding: document.serialized(pretty: true), as: UTF8.self) + "\n"
    }

    private func ruleID(_ placement: Placement) -> String {
        placement.finding.source.rule ?? "model/\(placement.finding.category.rawValue)"
    }

    private func rule(_ id: String) -> JSONValue {
        guard let known = BuiltInRules.all.first(where: { $0.id == id }) else { return .object(["id": .string(id)]) }
        return .object([
            "id": .string(id), "shortDescription": .object(["text": .string(known.finds)]),
            "fullDescription": .object(["text": .string(known.why)]),
            "help": .object(["text": .string(known.fix)]), "properties": .object(["tags": [.string(known.category.rawValue)]]),
        ])
    }

    private func result(_ placement: Placement, _ places: [String: Int], _ report: ReviewReport) -> JSONValue {
        let finding = placement.finding
        let id = ruleID(placement)
        let message = report.text(finding.title) + "\n\n" + report.text(finding.body)
        var result: [String: JSONValue] = [
            "ruleId": .string(id), "ruleIndex": .integer(Int64(places[id] ?? -1)), "level": .string(level(finding.severity)),
            "message": .object(["text": .string(message)]),
            "partialFingerprints": .object(["fettle/v1": .string(placement.fingerprint.text)]),
            "properties": .object(["severity": .string(finding.severity.rawValue), "confidence": .number(finding.confidence)]),
        ]
        let path = report.path(placement)
        if !path.isEmpty { result["locations"] = [.object(["physicalLocation": location(placement, path)])] }
        return .object(result)
    }

    /// Lines only on the new side: SARIF describes the files as they are.
    private func location(_ placement: Placement, _ path: String) -> JSONValue {
        var location: [String: JSONValue] = [
            "artifactLocation": .object(["uri": .string(URIPath.encoded(path)), "uriBaseId": "%SRCROOT%"])
        ]
        if case .lines(_, .new, let lines) = placement.anchor {
            location["region"] = .object(["startLine": .integer(Int64(lines.lowerBound)), "endLine": .integer(Int64(lines.upperBound))])
        }
        return .object(location)
    }

    private func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "note"
        }
    }

    private func invocation(_ result: ReviewResult) -> JSONValue {
        let notes = result.problems.map { JSONValue.object(["level": "warning", "message": .object(["text": .string($0)])]) }
        return .object(["executionSuccessful": .bool(result.status != .failed), "toolExecutionNotifications": .array(notes)])
    }
}

/// A relative path as a URI reference. Source: RFC 3986
enum URIPath {
    static func encoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in path.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~/".utf8.contains(byte)
            if isPlain { result.append(byte) } else { result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
