import Basics
import Policy
import Text

/// Decides for each finding where it is shown, and says why. Pure: the same findings give the same places.
struct Placer: Sendable {
    let change: Change
    let settings: ReviewSettings
    /// Fingerprints are made of redacted code: they are published, and kept.
    let redactor: Redactor

    func place(_ findings: [Finding]) -> [Placement] {
        let resolver = AnchorResolver(change)
        let index = DiffIndex(change)
        let symbols = NamedSymbols(change)
        let told = ToldByChecks(change)
        var seen: [Fingerprint: Int] = [:]
        var placements: [Placement] = []
        for finding in findings {
            let resolution = resolver.resolve(finding)
            let placed = Self.merge(finding, resolution.anchor, into: &placements) ?? told.said(finding, resolution.anchor)
            let fingerprint = fingerprint(finding, resolution.anchor, index, &seen)
            let (disposition, reason) = placed ?? disposition(finding, resolution, symbols)
            placements.append(
                Placement(
                    finding: finding, anchor: resolution.anchor, disposition: disposition, reason: reason, fingerprint: fingerprint,
                    path: resolution.anchor.file.map { change.files[$0].path } ?? finding.path.raw, code: ownCode(resolution.anchor, index),
                    isCommittable: isCommittable(finding, resolution, index)))
        }
        return limited(placements)
    }

    private func disposition(_ finding: Finding, _ resolution: AnchorResolution, _ symbols: NamedSymbols) -> (Disposition, String) {
        if finding.severity < settings.severityFloor {
            return (.suppressed, PlacementReason.floor(settings.severityFloor))
        }
        if case .model = finding.source {
            if finding.confidence < settings.minimumConfidence { return (.suppressed, "the model is not sure enough of it") }
            if case .change = finding.target, change.linkedIssues.isEmpty {
                return (.suppressed, "not believed: it quotes no code, and no issue says what the change should do")
            }
            if !resolution.isGrounded { return (.suppressed, "not believed: \(resolution.because)") }
            if let name = symbols.unknown(in: finding) { return (.summary, "it speaks of \(name), which the change does not show") }
        }
        if case .tool = finding.source {
            guard case .lines = resolution.anchor else { return (.suppressed, "another tool's finding outside the changed lines") }
        }
        switch resolution.anchor {
        case .lines: return (.inline, resolution.because)
        case .file: return (.file, resolution.because)
        case .change: return (.summary, resolution.because)
        }
    }

    /// On the new side only, where it changes something, and where no credential would be taken out of it.
    private func isCommittable(_ finding: Finding, _ resolution: AnchorResolution, _ index: DiffIndex) -> Bool {
        guard let suggestion = finding.suggestion?.raw, resolution.isExact, case .lines(let file, .new, let lines) = resolution.anchor
        else {
            return false
        }
        let present = index.texts(lines, in: file, side: .new)
        let replacement = suggestion.textLines
        guard SuggestionCheck(change: change).check(replacement, for: lines, in: file, present: present) == .fine else { return false }
        return present != replacement && OutputHygiene(redactor: redactor).keepsVerbatim(UntrustedText(suggestion))
    }

    /// The same place and kind of problem twice: the first one is shown. Rules come first, so a model that repeats one is quiet.
    private static func merge(_ finding: Finding, _ anchor: Anchor, into placements: inout [Placement]) -> (Disposition, String)? {
        guard case .lines(let file, let side, let lines) = anchor else { return nil }
        let earlier = placements.first { other in
            guard other.disposition == .inline, case .lines(file, side, let others) = other.anchor, others.overlaps(lines) else {
                return false
            }
            return other.finding.source == finding.source
                ? other.finding.title == finding.title && others == lines : Self.isSameProblem(other.finding, finding)
        }
        guard let earlier else { return nil }
        return (.suppressed, "the same place and kind as another finding (\(earlier.finding.source.rule ?? earlier.finding.source.word))")
    }

    /// Said by two sources of overlapping lines: by a model of the same kind, or in similar words. Two rules strike for two reasons, and a
    /// linter names no kind that a model would choose.
    private static func isSameProblem(_ a: Finding, _ b: Finding) -> Bool {
        let isModels = [a.source, b.source].contains { if case .model = $0 { true } else { false } }
        if isModels, a.category == b.category { return true }
        return SaidAlready.holds(a.title.raw + " " + a.body.raw, b.title.raw)
    }

    /// The most severe keep their lines.
    private func limited(_ placements: [Placement]) -> [Placement] {
        var result = placements
        let inline = placements.indices.filter { placements[$0].disposition == .inline }
        let ranked = inline.sorted { a, b in
            let (first, second) = (placements[a].finding, placements[b].finding)
            return (first.severity, first.confidence, -a) > (second.severity, second.confidence, -b)
        }
        for index in ranked.dropFirst(max(0, settings.maximumInlineComments)) {
            result[index].disposition = .summary
            result[index].reason = "over the limit of \(settings.maximumInlineComments) comments on lines"
        }
        return result
    }

    private func fingerprint(_ finding: Finding, _ anchor: Anchor, _ index: DiffIndex, _ seen: inout [Fingerprint: Int]) -> Fingerprint {
        let kind = finding.source.rule ?? finding.category.rawValue
        let path = anchor.file.map { change.files[$0].lastingPath } ?? finding.path.raw
        let code = code(anchor, index) ?? [finding.title.raw.lowercased()]
        let base = Fingerprint(kind: kind, path: path, code: code)
        let repetition = seen[base, default: 0]
        seen[base] = repetition + 1
        return repetition == 0 ? base : Fingerprint(kind: kind, path: path, code: code, repetition: repetition)
    }

    private func ownCode(_ anchor: Anchor, _ index: DiffIndex) -> String {
        guard case .lines(let file, let side, let lines) = anchor else { return "" }
        return redacted(index.texts(lines, in: file, side: side)).map { NormalizedCode.line($0, .none) }.joined()
    }

    /// The anchored lines; with their neighbours when they alone say little (`}` or `return nil`).
    private func code(_ anchor: Anchor, _ index: DiffIndex) -> [String]? {
        guard case .lines(let file, let side, let lines) = anchor else { return nil }
        let own = redacted(index.texts(lines, in: file, side: side))
        guard own.reduce(0, { $0 + NormalizedCode.line($1, .none).utf8.count }) < 16 else { return own }
        let before = index.texts(max(1, lines.lowerBound - 1)...max(1, lines.lowerBound - 1), in: file, side: side)
        let after = index.texts((lines.upperBound + 1)...(lines.upperBound + 1), in: file, side: side)
        return redacted(before) + own + redacted(after)
    }

    private func redacted(_ lines: [String]) -> [String] { lines.map { redactor.redact($0).text } }
}
