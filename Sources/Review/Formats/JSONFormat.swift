import Basics
import LLM
import Text

/// The contract for programs: `docs/review-json.md`, version 1.
package struct JSONFormat: ReviewFormat {
    package let name = "json"

    package init() {}

    package func render(_ report: ReviewReport) -> String {
        String(decoding: value(report).serialized(pretty: true), as: UTF8.self) + "\n"
    }

    func value(_ report: ReviewReport) -> JSONValue {
        let result = report.result
        let ledger = result.ledger
        return .object([
            "version": 1, "status": .string(result.status.rawValue), "summary": .string(summary(report)),
            "findings": .array(result.placements.map { finding($0, report) }),
            "ledger": .object([
                "found": number(ledger.found), "posted": number(ledger.posted), "demoted": number(ledger.demoted),
                "suppressed": number(ledger.suppressed),
            ]), "coverage": coverage(report), "usage": usage(result),
        ])
    }

    private func summary(_ report: ReviewReport) -> String {
        let own = "\(report.writing.title). \(report.writing.statement(pointingTo: "coverage says what"))"
        return report.result.modelSummary.map { "\(own)\n\n\(report.text($0))" } ?? own
    }

    private func finding(_ placement: Placement, _ report: ReviewReport) -> JSONValue {
        let finding = placement.finding
        var lines: ClosedRange<Int>?
        var side = finding.side
        if case .lines(_, let anchored, let range) = placement.anchor { (lines, side) = (range, anchored) }
        return .object([
            "path": .string(report.path(placement)), "side": .string(side.rawValue), "start_line": number(lines?.lowerBound),
            "line": number(lines?.upperBound), "severity": .string(finding.severity.rawValue),
            "category": .string(finding.category.rawValue),
            "title": .string(report.text(finding.title)), "body": .string(report.text(finding.body)),
            "suggestion": finding.suggestion.map { .string(report.text($0)) } ?? .null, "confidence": .number(finding.confidence),
            "source": .string(finding.source.word), "rule": finding.source.rule.map { .string(report.text(UntrustedText($0))) } ?? .null,
            "fingerprint": .string(placement.fingerprint.text), "disposition": .string(placement.disposition.rawValue),
            "reason": .string(report.text(UntrustedText(placement.reason))),
        ])
    }

    private func coverage(_ report: ReviewReport) -> JSONValue {
        let coverage = report.result.coverage
        let gaps = coverage.gaps.map { gap -> JSONValue in
            .object([
                "path": .string(report.text(gap.path)), "reason": .string(gap.reason), "lines": number(gap.lines),
                "intended": .bool(gap.isIntended),
            ])
        }
        return .object([
            "files": number(coverage.files), "changed_lines": number(coverage.changedLines), "read_lines": number(coverage.readLines),
            "complete": .bool(coverage.isComplete), "gaps": .array(gaps), "problems": .array(report.result.problems.map(JSONValue.string)),
            "causes": .array(report.result.causes.map { .string(report.text(UntrustedText($0))) }),
        ])
    }

    private func usage(_ result: ReviewResult) -> JSONValue {
        .object([
            "model": result.model.map(JSONValue.string) ?? .null, "requests": number(result.usage.requests),
            "input_tokens": number(result.usage.tokens.input.count), "output_tokens": number(result.usage.tokens.output.count),
            "cost_usd": result.usage.cost.map { .number(Double($0.micros) / 1_000_000) } ?? .null,
        ])
    }

    private func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
}
