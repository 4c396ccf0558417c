import Basics
import WorkflowLint

struct WorkflowReportEntry {
    var path: String
    var diagnostic: WorkflowDiagnostic
}

/// The findings of `fettle verify workflow` for people and programs.
struct WorkflowReport {
    var files: [String]
    var findings: [WorkflowReportEntry]

    func rendered(_ format: String) -> String {
        switch format {
        case "json": String(decoding: json.serialized(pretty: true), as: UTF8.self) + "\n"
        case "sarif": String(decoding: sarif.serialized(pretty: true), as: UTF8.self) + "\n"
        default: text
        }
    }

    private func count(_ severity: WorkflowDiagnostic.Severity) -> Int { findings.count { $0.diagnostic.severity == severity } }

    private var text: String {
        let lines = findings.map { entry in
            let finding = entry.diagnostic
            return "\(entry.path):\(finding.line):\(finding.column): \(finding.severity.rawValue): \(finding.message) [\(finding.rule)]"
        }
        let counts = "\(Count.of(count(.error), "error")), \(Count.of(count(.warning), "warning")) in \(Count.of(files.count, "file"))"
        return (lines + [counts]).joined(separator: "\n") + "\n"
    }

    private var json: JSONValue {
        let entries = findings.map { entry -> JSONValue in
            let finding = entry.diagnostic
            return [
                "path": .string(entry.path), "line": .integer(Int64(finding.line)), "column": .integer(Int64(finding.column)),
                "rule": .string(finding.rule), "severity": .string(finding.severity.rawValue), "message": .string(finding.message),
            ]
        }
        return [
            "version": 1, "files": .array(files.map { .string($0) }), "findings": .array(entries),
            "summary": ["errors": .integer(Int64(count(.error))), "warnings": .integer(Int64(count(.warning)))],
        ]
    }

    /// Source: SARIF 2.1.0, OASIS standard.
    private var sarif: JSONValue {
        let rules = RuleRegistry.catalogue.map { rule -> JSONValue in
            [
                "id": .string(rule.id), "shortDescription": ["text": .string(rule.summary)],
                "defaultConfiguration": ["level": .string(rule.severity.rawValue)],
            ]
        }
        let results = findings.map { entry -> JSONValue in
            let finding = entry.diagnostic
            let region: JSONValue = ["startLine": .integer(Int64(finding.line)), "startColumn": .integer(Int64(finding.column))]
            let location: JSONValue = ["physicalLocation": ["artifactLocation": ["uri": .string(entry.path)], "region": region]]
            return [
                "ruleId": .string(finding.rule), "level": .string(finding.severity.rawValue), "message": ["text": .string(finding.message)],
                "locations": [location],
            ]
        }
        let driver: JSONValue = ["name": "fettle", "version": .string(VersionCommand.version), "rules": .array(rules)]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [["tool": ["driver": driver], "results": .array(results), "columnKind": "unicodeCodePoints"]],
        ]
    }
}
