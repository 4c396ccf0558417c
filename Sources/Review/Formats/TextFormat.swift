import Basics
import Text

/// For people at a terminal.
package struct TextFormat: ReviewFormat {
    package let name = "text"

    package init() {}

    package func render(_ report: ReviewReport) -> String {
        let writing = report.writing
        var lines = [writing.title, writing.statement()]
        if let summary = report.result.modelSummary { lines += ["", report.text(summary)] }
        let shown = report.result.placements.filter { $0.disposition != .suppressed }.sorted { Self.order($0) < Self.order($1) }
        var told: Set<String> = []
        for placement in shown {
            // The same advice is given once, however often it applies.
            let isNews = placement.finding.source.rule == nil || told.insert(placement.finding.body.raw).inserted
            lines += (isNews ? [""] : []) + finding(placement, report, withBody: isNews)
        }
        if !report.result.problems.isEmpty {
            let causes = report.result.causes.map { "  cause: \(oneLine(report.text(UntrustedText($0))))" }
            lines += [""] + report.result.problems.map { "problem: \($0)" } + causes
        }
        if !report.result.notes.isEmpty { lines += [""] + report.result.notes.map { "note: \(oneLine(report.text(UntrustedText($0))))" } }
        if !report.result.coverage.gaps.isEmpty { lines += [""] + report.result.coverage.gaps.map { gap($0, report) } }
        let coverage = report.result.coverage
        lines += [""] + ledger(report.result) + ["Read \(coverage.readLines) of \(coverage.changedLines) changed lines."]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Where every finding went; nothing when there was none.
    private func ledger(_ result: ReviewResult) -> [String] {
        let ledger = result.ledger
        if ledger.found == 0 { return [] }
        let sum =
            "\(ledger.found) found = \(ledger.posted) on lines + \(ledger.demoted) without a line + \(ledger.suppressed) not shown"
        let hidden = result.hiddenReasons.map { entry in
            let hint = PlacementReason.isFloor(entry.reason) ? "; --severity-floor info shows them" : ""
            return "  \(entry.count) not shown: \(oneLine(entry.reason))\(hint)"
        }
        return [sum + (hidden.isEmpty ? "." : ":")] + hidden
    }

    private func finding(_ placement: Placement, _ report: ReviewReport, withBody: Bool) -> [String] {
        let finding = placement.finding
        let source = finding.source.rule ?? finding.source.word
        let head = "\(location(placement, report)): \(finding.severity.rawValue) \(finding.category.rawValue) [\(source)] "
        let body = withBody ? indented(report.text(finding.body)) : []
        let suggestion = finding.suggestion.map { ["  instead:"] + indented(report.text($0)).map { "  " + $0 } } ?? []
        return [head + oneLine(report.text(finding.title))] + body + suggestion
    }

    /// The gravest first, and findings of one rule together.
    private static func order(_ placement: Placement) -> (Int, String, String, Int) {
        let rank = Severity.allCases.firstIndex(of: placement.finding.severity) ?? 0
        var line = 0
        if case .lines(_, _, let lines) = placement.anchor { line = lines.lowerBound }
        return (-rank, placement.finding.source.rule ?? "", placement.finding.path.raw, line)
    }

    private func location(_ placement: Placement, _ report: ReviewReport) -> String {
        let path = oneLine(report.path(placement))
        guard case .lines(_, let side, let lines) = placement.anchor else { return path.isEmpty ? "(change)" : path }
        return "\(path):\(lines.lowerBound)" + (side == .old ? " (removed)" : "")
    }

    private func gap(_ gap: Coverage.Gap, _ report: ReviewReport) -> String {
        let lines = gap.lines > 0 ? " (\(gap.lines) changed lines)" : ""
        return "\(gap.isIntended ? "left out" : "NOT READ"): \(oneLine(report.text(gap.path))): \(gap.reason)\(lines)"
    }

    private func indented(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: true).map { "  " + $0 } }

    private func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
