import Basics
import LLM
import Policy
import Text

/// The words of a review. Says what was read by whom, and never “no issues” of a change that was not wholly read.
struct ReviewWriting {
    let change: Change
    let result: ReviewResult
    let outcome: PreviousOutcome
    /// Findings with a comment on their file.
    var commented: Set<Fingerprint> = []

    private var shown: [Placement] { result.placements.filter { $0.disposition != .suppressed } }
    private var standing: [Placement] { result.placements.filter { $0.reason == PlacementReason.alreadyPosted } }

    /// One plain line: for the check's title and the first line of a terminal report.
    var title: String {
        let open = shown + standing
        let counts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = open.count { $0.finding.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        let findings =
            open.isEmpty
            ? "nothing found" : "\(open.count == 1 ? "1 finding" : "\(open.count) findings"): \(counts.joined(separator: ", "))"
        if change.files.isEmpty, change.isWhole, open.isEmpty { return "There is no change between base and head" }
        switch result.status {
        case .complete: return open.isEmpty ? "Nothing to report" : findings
        case .partial: return "Read in part; \(findings)"
        case .failed: return "The model did not review this; rules: \(findings)"
        }
    }

    /// How the review was done, in one or two sentences. `pointer`: where the reader finds what was not read.
    func statement(pointingTo pointer: String = "see below") -> String {
        let by =
            switch result.model {
            case nil: "Reviewed by built-in rules alone: no model is configured."
            case .some where change.files.isEmpty && change.isWhole: "No model was asked: there is nothing to read."
            case .some where result.status == .failed: "Reviewed by built-in rules alone: the configured model read none of it."
            case .some(let model): "Reviewed by built-in rules and by \(model)."
            }
        switch result.status {
        case .complete: return by
        case .partial, .failed: return by + " Not everything was read: \(pointer)."
        }
    }

    func comment(_ placement: Placement) -> Markdown {
        let finding = placement.finding
        var text: Markdown = "**\(finding.title)**"
        text += .prose(finding.body, limit: .kibibytes(4))
        if let suggestion = finding.suggestion {
            text += placement.isCommittable ? .suggestion(suggestion) : "Instead:" + .fence(suggestion)
        }
        return text + footnote(placement)
    }

    /// The line above the comments. GitHub wants a body for a review.
    func reviewBody(commentCount: Int) -> Markdown {
        commentCount == 1
            ? "One comment on this push; the summary is in the conversation."
            : "\(commentCount) comments on this push; the summary is in the conversation."
    }

    var summary: Markdown {
        var text: Markdown = "### Review: \(word: title)"
        text += "\(word: statement())"
        if let summary = result.modelSummary { text += .prose(summary, limit: .kibibytes(2)) }
        text += onLines + elsewhere + earlier + problems + notes + WalkthroughTable(change).markdown + gaps + ledger
        return text
    }

    private var onLines: Markdown {
        let inline = gravestFirst(result.placements.filter { $0.disposition == .inline } + shown.filter(isOnFile) + standing)
        if inline.isEmpty { return Markdown() }
        return .table(
            [["Where", "Severity", "What"]] + inline.map { [location($0), "\(word: $0.finding.severity.rawValue)", "\($0.finding.title)"] })
    }

    /// Those of one severity stay in their order.
    private func gravestFirst(_ placements: [Placement]) -> [Placement] {
        Severity.allCases.reversed().flatMap { severity in placements.filter { $0.finding.severity == severity } }
    }

    private func isOnFile(_ placement: Placement) -> Bool {
        placement.disposition == .file && commented.contains(placement.fingerprint)
    }

    /// Findings that have no comment of their own are told here in full.
    private var elsewhere: Markdown {
        let others = gravestFirst(shown.filter { $0.disposition != .inline && !isOnFile($0) })
        return others.reduce(into: Markdown()) { text, placement in
            text += .together([
                "**\(placement.finding.title)** – \(location(placement))", .prose(placement.finding.body, limit: .kibibytes(2)),
                footnote(placement),
            ])
        }
    }

    private var problems: Markdown {
        result.problems.isEmpty ? Markdown() : .lines(["**Problems**"] + result.problems.map { "- \(word: $0)" })
    }

    private var notes: Markdown { result.notes.isEmpty ? Markdown() : .lines(result.notes.map { "\(word: $0)" }) }

    private var gaps: Markdown {
        let gaps = result.coverage.gaps
        if gaps.isEmpty { return Markdown() }
        let rows: [Markdown] = gaps.prefix(50).map { gap in
            gap.lines == 0
                ? "- \(code: gap.path): \(word: gap.reason)" : "- \(code: gap.path): \(word: gap.reason), \(gap.lines) changed lines"
        }
        let more: [Markdown] = gaps.count > 50 ? ["- and \(gaps.count - 50) more"] : []
        return .lines([result.coverage.isComplete ? "**Left out on purpose**" : "**Not read**"] + rows + more)
    }

    private var ledger: Markdown {
        let ledger = result.ledger
        let text: Markdown =
            """
            <sub>\(ledger.found) found = \(ledger.posted) on lines + \(word: onFiles)\(ledger.demoted - onFileCount) in this summary + \
            \(ledger.suppressed) not shown\(hidden). \
            Read \(result.coverage.readLines) of \(result.coverage.changedLines) changed lines. \(word: spent)</sub>
            """
        return text
    }

    /// Why findings are not shown, most usual reasons first.
    private var hidden: Markdown {
        let reasons = result.hiddenReasons
        if reasons.isEmpty { return "" }
        let told = reasons.prefix(5).map { reasons.count == 1 ? $0.reason : "\($0.count): \($0.reason)" }
        return " (\(UntrustedText((told + (reasons.count > 5 ? ["…"] : [])).joined(separator: "; "))))"
    }

    private var onFileCount: Int { shown.count(where: isOnFile) }
    private var onFiles: String { onFileCount == 0 ? "" : "\(onFileCount) on files + " }

    /// What became of earlier findings: the reader sees that a push was understood.
    private var earlier: Markdown {
        var lines: [Markdown] = outcome.fixed.prefix(20).map { "- ✅ \(code: UntrustedText($0.path)): \($0.title)" }
        if outcome.fixed.count > 20 { lines.append("- and \(outcome.fixed.count - 20) more") }
        var text = lines.isEmpty ? Markdown() : .lines(["**Fixed since an earlier push**"] + lines)
        if !outcome.kept.isEmpty {
            text += outcome.kept.count == 1 ? "One earlier comment still stands." : "\(outcome.kept.count) earlier comments still stand."
        }
        return text
    }

    private var spent: String {
        guard result.usage.requests > 0 else { return "No model was asked." }
        let tokens = result.usage.tokens
        let cost = result.usage.cost.map { ", \($0.decimal) USD" } ?? ""
        return "\(Count.of(result.usage.requests, "model request")), \(tokens.input.count) tokens in, \(tokens.output.count) out\(cost)."
    }

    private func footnote(_ placement: Placement) -> Markdown {
        let finding = placement.finding
        let source: Markdown =
            switch finding.source {
            case .rule(let id): "rule \(code: UntrustedText(id))"
            case .model(let name): "model \(code: UntrustedText(name))"
            case .tool(let name, let rule): "\(code: UntrustedText(name)) \(code: UntrustedText(rule ?? "-"))"
            }
        return "<sub>\(word: finding.severity.rawValue) · \(word: finding.category.rawValue) · \(source)</sub>"
    }

    func location(_ placement: Placement) -> Markdown {
        switch placement.anchor {
        case .lines(let file, let side, let lines):
            let path = change.files[file].diff.path
            let removed: Markdown = side == .old ? " (removed line)" : ""
            return "\(code: UntrustedText("\(path.raw):\(lines.lowerBound)"))\(removed)"
        case .file(let file): return "\(code: change.files[file].diff.path)"
        case .change: return placement.finding.path.isEmpty ? "the whole change" : "\(code: placement.finding.path)"
        }
    }
}
