import Basics
import Text

/// A stretch of one hunk as a model sees it.
struct PresentedHunk: Sendable {
    let file: Int
    let hunk: Int
    /// Indices into the hunk's lines.
    let lines: Range<Int>
    let text: String
    let tokens: TokenCount
    let changedLineCount: Int
}

/// Writes hunks as one list: lines of the new file with their numbers, removed lines in their place without one.
///
///     @@ func outer() {
///     12 context
///     -removed
///     13+added
struct DiffPresenter {
    let change: Change

    /// The hunks of a file; one that takes more than `largest` tokens comes in several parts, so that every line is in exactly one.
    func hunks(of file: Int, largest: TokenCount) -> [PresentedHunk] {
        change.files[file].diff.hunks.indices.flatMap { parts(file: file, hunk: $0, largest: largest) }
    }

    func heading(of file: Int) -> String {
        let diff = change.files[file].diff
        let name = Self.oneLine(diff.path.raw)
        return switch diff.change {
        case .added: "## \(name) (new file)\n"
        case .removed: "## \(name) (removed)\n"
        case .renamed: "## \(name) (renamed from \(Self.oneLine(diff.oldPath?.raw ?? "")))\n"
        case .copied: "## \(name) (copied from \(Self.oneLine(diff.oldPath?.raw ?? "")))\n"
        case .modified: "## \(name)\n"
        }
    }

    private func parts(file: Int, hunk: Int, largest: TokenCount) -> [PresentedHunk] {
        let source = change.files[file].diff.hunks[hunk]
        let opening = source.section.isEmpty ? "@@\n" : "@@ \(Self.oneLine(source.section.raw))\n"
        var parts: [PresentedHunk] = []
        var start = 0
        var text = opening
        var tokens = TokenEstimate.tokens(in: opening).count
        for (index, line) in source.lines.enumerated() {
            let shown = Self.show(line)
            let cost = TokenEstimate.tokens(in: shown).count
            if index > start, tokens + cost > largest.count {
                parts.append(part(file, hunk, start..<index, text, tokens))
                start = index
                text = opening
                tokens = TokenEstimate.tokens(in: opening).count
            }
            text += shown
            tokens += cost
        }
        if start < source.lines.count { parts.append(part(file, hunk, start..<source.lines.count, text, tokens)) }
        return parts
    }

    private func part(_ file: Int, _ hunk: Int, _ lines: Range<Int>, _ text: String, _ tokens: Int) -> PresentedHunk {
        let changed = change.files[file].diff.hunks[hunk].lines[lines].count { $0.kind != .context }
        return PresentedHunk(file: file, hunk: hunk, lines: lines, text: text, tokens: TokenCount(tokens), changedLineCount: changed)
    }

    private static let longestLine = 2000

    private static func show(_ line: DiffLine) -> String {
        let text = line.text.raw.utf8.count > longestLine ? String(line.text.raw.prefix(longestLine)) + "…" : line.text.raw
        return switch line.kind {
        case .context: "\(line.newNumber ?? 0) \(text)\n"
        case .removed: "-\(text)\n"
        case .added: "\(line.newNumber ?? 0)+\(text)\n"
        }
    }

    private static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }.prefix(300)) }
}
