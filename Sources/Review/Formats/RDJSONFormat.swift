import Basics
import Text

/// Reviewdog Diagnostic Format. Source: github.com/reviewdog/reviewdog/tree/master/proto/rdf
package struct RDJSONFormat: ReviewFormat {
    package let name = "rdjson"

    package init() {}

    package func render(_ report: ReviewReport) -> String {
        let shown = report.result.placements.filter { $0.disposition != .suppressed }
        let document: JSONValue = .object([
            "source": .object(["name": "fettle"]), "diagnostics": .array(shown.map { diagnostic($0, report) }),
        ])
        return String(decoding: document.serialized(pretty: true), as: UTF8.self) + "\n"
    }

    private func diagnostic(_ placement: Placement, _ report: ReviewReport) -> JSONValue {
        let finding = placement.finding
        var location: [String: JSONValue] = ["path": .string(report.path(placement))]
        var diagnostic: [String: JSONValue] = [
            "message": .string(report.text(finding.title) + "\n\n" + report.text(finding.body)),
            "severity": .string(severity(finding.severity)),
            "code": .object(["value": .string(finding.source.rule ?? finding.category.rawValue)]),
        ]
        if case .lines(_, .new, let lines) = placement.anchor {
            let range = JSONValue.object([
                "start": .object(["line": .integer(Int64(lines.lowerBound))]), "end": .object(["line": .integer(Int64(lines.upperBound))]),
            ])
            location["range"] = range
            if placement.isCommittable, let suggestion = finding.suggestion {
                diagnostic["suggestions"] = [.object(["range": range, "text": .string(report.text(suggestion))])]
            }
        }
        diagnostic["location"] = .object(location)
        return .object(diagnostic)
    }

    private func severity(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "ERROR"
        case .medium: "WARNING"
        case .low, .info: "INFO"
        }
    }
}
