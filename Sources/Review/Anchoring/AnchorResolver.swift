import Basics
import Text

/// Finds the lines a finding is about. The quote decides; the line that its author claims only chooses between equal places.
///
/// The ladder: lines → file → summary. Nothing is guessed: a quote that stands in several places, with no hint that tells them
/// apart, goes to its file.
package struct AnchorResolver: Sendable {
    private let index: DiffIndex

    package init(_ change: Change) {
        index = DiffIndex(change)
    }

    package func resolve(_ finding: Finding) -> AnchorResolution {
        let file = index.file(named: finding.path.raw)
        switch finding.target {
        case .change: return AnchorResolution(anchor: .change, because: "it is about the whole change", isGrounded: true)
        case .file: return fileLevel(file, because: "it is about the whole file", isGrounded: file != nil)
        case .lines(let lines): return known(lines, finding.side, in: file)
        case .quote(let quote, let hint): return quoted(Quote(quote.raw), hint: hint, side: finding.side, file: file)
        }
    }

    private func fileLevel(_ file: Int?, because: String, isGrounded: Bool) -> AnchorResolution {
        guard let file else {
            return AnchorResolution(anchor: .change, because: "\(because); no such file is in the change", isGrounded: isGrounded)
        }
        return AnchorResolution(anchor: .file(file), because: because, isGrounded: isGrounded)
    }

    private func known(_ lines: ClosedRange<Int>, _ side: DiffSide, in file: Int?) -> AnchorResolution {
        guard let file else { return fileLevel(nil, because: "it names lines", isGrounded: false) }
        let start = lines.count > 1 ? lines.lowerBound : nil
        if index.commentable(file).refusal(side: side, startLine: start, line: lines.upperBound) == nil {
            return AnchorResolution(
                anchor: .lines(file: file, side: side, lines: lines), because: "the line is in the diff", isGrounded: true)
        }
        if start != nil, index.commentable(file).refusal(side: side, startLine: nil, line: lines.upperBound) == nil {
            let last = lines.upperBound...lines.upperBound
            return AnchorResolution(
                anchor: .lines(file: file, side: side, lines: last), because: "the last of its lines is in the diff", isGrounded: true)
        }
        return fileLevel(file, because: "its line is not in the diff", isGrounded: true)
    }

    private func quoted(_ quote: Quote, hint: Int?, side: DiffSide, file: Int?) -> AnchorResolution {
        guard !quote.isEmpty else { return fileLevel(file, because: "it quotes no code", isGrounded: false) }
        guard let file else { return elsewhere(quote, side: side) }
        for ladder in [Search.lines, Search.parts] {
            let claimed = climb(ladder, quote, file: file, side: side)
            let other = climb(ladder, quote, file: file, side: side == .new ? .old : .new)
            switch (claimed, other) {
            case (nil, nil): continue
            case (let found?, nil), (nil, let found?): return settle(found, hint: hint, file: file)
            case (let claimed?, let other?): return decide(claimed, other, hint: hint, file: file)
            }
        }
        return elsewhere(quote, side: side, named: file)
    }

    /// Where a quote stands on one side, by the strictest reading that finds it at all.
    private struct Found {
        let side: DiffSide
        let search: Search
        let reading: Int
        let places: [ClosedRange<Int>]
    }

    private func climb(_ ladder: [Search], _ quote: Quote, file: Int, side: DiffSide) -> Found? {
        for search in ladder {
            for (reading, lines) in quote.readings.enumerated() {
                let places = index.places(of: lines, in: file, side: side, search)
                if !places.isEmpty { return Found(side: side, search: search, reading: reading, places: places) }
            }
        }
        return nil
    }

    private func settle(_ found: Found, hint: Int?, file: Int) -> AnchorResolution {
        guard let place = choose(found.places, hint: hint, file: file, side: found.side) else {
            return fileLevel(file, because: "the quoted code stands in \(found.places.count) places", isGrounded: true)
        }
        let how = found.reading == 0 ? found.search.words : found.search.words + ", without the marks of a diff"
        return AnchorResolution(
            anchor: .lines(file: file, side: found.side, lines: place), because: how, isGrounded: true, isExact: found.search.isExact)
    }

    /// The quote stands on both sides. Unchanged lines are the same on either; of moved or re-indented ones the hint tells which.
    private func decide(_ claimed: Found, _ other: Found, hint: Int?, file: Int) -> AnchorResolution {
        let strays = other.places.filter { !index.isContext($0, in: file, side: other.side) }
        if strays.isEmpty { return settle(claimed, hint: hint, file: file) }
        if let hint, strays.contains(where: { $0.lowerBound == hint }), claimed.places.allSatisfy({ Self.distance($0, hint) > 2 }) {
            return settle(other, hint: hint, file: file)
        }
        // Nothing but the side tells them apart: it is believed, unless the spelling speaks for the other one.
        if other.search.isExact, !claimed.search.isExact {
            return fileLevel(file, because: "the quoted code stands in the old and in the new file", isGrounded: true)
        }
        return settle(claimed, hint: hint, file: file)
    }

    /// The path may be wrong while the quote is right: taken only when exactly one place in the whole change has it.
    private func elsewhere(_ quote: Quote, side: DiffSide, named: Int? = nil) -> AnchorResolution {
        for side in [side, side == .new ? .old : .new] where quote.isDistinctive {
            for lines in quote.readings {
                let hits = index.fileIndices.flatMap { file in
                    index.places(of: lines, in: file, side: side, .blanks).map { (file: file, lines: $0) }
                }
                guard let hit = hits.first else { continue }
                if hits.count > 1 {
                    return fileLevel(named, because: "the quoted code stands in \(hits.count) places of other files", isGrounded: true)
                }
                return AnchorResolution(
                    anchor: .lines(file: hit.file, side: side, lines: hit.lines), because: "the quote stands in this file only",
                    isGrounded: true)
            }
        }
        return fileLevel(named, because: "the quoted code is not in the diff", isGrounded: false)
    }

    /// One place; or the one the hint clearly means; or the only one with changed lines.
    private func choose(_ places: [ClosedRange<Int>], hint: Int?, file: Int, side: DiffSide) -> ClosedRange<Int>? {
        if places.count == 1 { return places.first }
        if let hint {
            let near = places.map { (place: $0, distance: Self.distance($0, hint)) }.sorted { $0.distance < $1.distance }
            // Models miscount by one or two lines: equal code that near leaves both possible.
            if near[0].distance <= 2, near[1].distance > 2 * near[0].distance + 2 { return near[0].place }
        }
        let changed = places.filter { index.hasChangedLine($0, in: file, side: side) }
        return changed.count == 1 ? changed.first : nil
    }

    private static func distance(_ place: ClosedRange<Int>, _ hint: Int) -> Int {
        let (difference, overflow) = place.lowerBound.subtractingReportingOverflow(hint)
        return overflow || difference == .min ? .max / 4 : min(abs(difference), .max / 4)
    }
}
