import Basics
import Text

/// Finds the lines a finding is about. The quote decides; the line that its author claims only chooses between equal places.
///
/// The ladder: lines → a stretch of lines → file → summary. Nothing is guessed: a quote that stands in several places, with no hint that tells them
/// apart, goes to the lines that hold them all, or to its file.
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
        case .quote(let quote, let hint):
            return quoted(Quote(quote.raw), hint: hint, side: finding.side, file: file, path: finding.path.raw)
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

    private func quoted(_ quote: Quote, hint: Int?, side: DiffSide, file: Int?, path: String) -> AnchorResolution {
        guard !quote.isEmpty else { return fileLevel(file, because: "it quotes no code", isGrounded: false) }
        guard let file else { return elsewhere(quote, hint: hint, side: side, path: path) }
        return place(of: quote, in: file, Search.lines + Search.parts, hint: hint, side: side)
            ?? elsewhere(quote, hint: hint, side: side, path: path, named: file)
    }

    /// `nil` when the quote is on neither side of the file. A part of a line on the side that is claimed counts beside a whole line on the
    /// other one; where a side has whole lines, its parts of lines do not count.
    private func place(of quote: Quote, in file: Int, _ ladder: [Search], hint: Int?, side: DiffSide) -> AnchorResolution? {
        let claimed = climb(ladder, quote, file: file, side: side)
        var other = climb(ladder, quote, file: file, side: side == .new ? .old : .new)
        if let found = claimed, isContested(found, quote, hint: hint, file: file) {
            let reason = "the quoted code stands in one place, and but for blanks at the line that is named"
            return fileLevel(file, because: reason, isGrounded: true)
        }
        if claimed?.search.isWhole == true, other?.search.isWhole == false { other = nil }
        return switch (claimed, other) {
        case (nil, nil): nil
        case (let found?, nil), (nil, let found?): settle(found, hint: hint, file: file)
        case (let claimed?, let other?): decide(claimed, other, hint: hint, file: file)
        }
    }

    /// Where a quote stands on one side, by the strictest reading that finds it at all.
    private struct Found {
        let side: DiffSide
        let search: Search
        let reading: Int
        let places: [ClosedRange<Int>]

        func distance(to hint: Int?) -> Int? { hint.flatMap { hint in places.map { AnchorResolver.distance($0, hint) }.min() } }
    }

    private func climb(_ ladder: [Search], _ quote: Quote, file: Int, side: DiffSide) -> Found? {
        for rungs in [ladder.filter(\.isWhole), ladder.filter { !$0.isWhole }] {
            for (reading, lines) in quote.readings(for: side).enumerated() {
                for search in rungs {
                    let places = index.places(of: lines, in: file, side: side, search)
                    if !places.isEmpty { return Found(side: side, search: search, reading: reading, places: places) }
                }
            }
        }
        return nil
    }

    /// The quote stands somewhere to the letter, and at the very line that is named but for blanks: a re-indented quote can look like that.
    private func isContested(_ found: Found, _ quote: Quote, hint: Int?, file: Int) -> Bool {
        guard found.search.isExact, let hint, let near = found.distance(to: hint), near > Self.miscount else { return false }
        return quote.readings(for: found.side).contains { lines in
            index.places(of: lines, in: file, side: found.side, .blanks).contains { $0.lowerBound == hint }
        }
    }

    private func settle(_ found: Found, hint: Int?, file: Int) -> AnchorResolution {
        let how = found.reading == 0 ? found.search.words : found.search.words + ", without the marks around it"
        if let place = choose(found.places, hint: hint, file: file, side: found.side) {
            return AnchorResolution(
                anchor: .lines(file: file, side: found.side, lines: place), because: how, isGrounded: true, isExact: found.search.isExact)
        }
        if let stretch = stretch(found.places, hint: hint, file: file, side: found.side) {
            return AnchorResolution(
                anchor: .lines(file: file, side: found.side, lines: stretch),
                because: "the quoted code stands in several places of these lines", isGrounded: true, isStretch: true)
        }
        return fileLevel(file, because: "the quoted code stands in \(found.places.count) places", isGrounded: true)
    }

    /// The quote stands on both sides. Unchanged lines are the same on either; of moved or re-indented ones the line tells which, and
    /// where it speaks against the side, neither is believed.
    private func decide(_ claimed: Found, _ other: Found, hint: Int?, file: Int) -> AnchorResolution {
        let strays = other.places.filter { !index.isContext($0, in: file, side: other.side) }
        if strays.isEmpty { return settle(claimed, hint: hint, file: file) }
        let stray = Found(side: other.side, search: other.search, reading: other.reading, places: strays)
        let both = fileLevel(file, because: "the quoted code stands in the old and in the new file", isGrounded: true)
        let (near, far) = (claimed.distance(to: hint), stray.distance(to: hint))
        let isSpelledOtherwise = other.search.isExact && !claimed.search.isExact || other.search.isWhole && !claimed.search.isWhole
        guard let near, let far, min(near, far) <= Self.miscount else {
            return isSpelledOtherwise ? both : settle(claimed, hint: nil, file: file)
        }
        if far < near { return near > 2 * far + Self.miscount ? settle(stray, hint: hint, file: file) : both }
        if far > near { return settle(claimed, hint: hint, file: file) }
        if isSpelledOtherwise || other.search.isWhole != claimed.search.isWhole { return both }
        // The same text at the same number on both sides, as where only line ends changed: the head has it.
        let isTwin = claimed.places == strays && claimed.search.isExact && other.search.isExact && isSameText(claimed, stray, in: file)
        return settle(isTwin && other.side == .new ? stray : claimed, hint: hint, file: file)
    }

    private func isSameText(_ a: Found, _ b: Found, in file: Int) -> Bool {
        a.places.allSatisfy { place in
            let (first, second) = (index.texts(place, in: file, side: a.side), index.texts(place, in: file, side: b.side))
            return first.map { NormalizedCode.line($0, .lineEnd) } == second.map { NormalizedCode.line($0, .lineEnd) }
        }
    }

    /// The path may be wrong while the quote is right: taken only when exactly one place has it, of the files with the same name, or of
    /// the whole change.
    private func elsewhere(_ quote: Quote, hint: Int?, side: DiffSide, path: String, named: Int? = nil) -> AnchorResolution {
        guard quote.isDistinctive else { return fileLevel(named, because: "the quoted code is not in the diff", isGrounded: false) }
        for candidates in [index.namesakes(of: path), Array(index.fileIndices)] {
            let hits = candidates.filter { $0 != named }.compactMap { file in
                place(of: quote, in: file, [.exact, .lineEnd, .blanks], hint: hint, side: side)
            }
            guard let hit = hits.first else { continue }
            if hits.count > 1 {
                return fileLevel(named, because: "the quoted code stands in \(hits.count) other files", isGrounded: true)
            }
            guard case .lines = hit.anchor else { return hit }
            var found = hit
            found.because = "the quote stands in this file only"
            found.isExact = false
            return found
        }
        return fileLevel(named, because: "the quoted code is not in the diff", isGrounded: false)
    }

    /// Models miscount by one or two lines: equal code that near leaves both possible.
    private static let miscount = 2
    /// A comment over more lines than this points at nothing.
    private static let widestStretch = 10

    /// One place; or the one the hint clearly means; or the only one with changed lines.
    private func choose(_ places: [ClosedRange<Int>], hint: Int?, file: Int, side: DiffSide) -> ClosedRange<Int>? {
        if places.count == 1 { return places.first }
        if let hint {
            let near = places.map { (place: $0, distance: Self.distance($0, hint)) }.sorted { $0.distance < $1.distance }
            if near[0].distance <= Self.miscount, near[1].distance > 2 * near[0].distance + Self.miscount { return near[0].place }
        }
        let changed = places.filter { index.hasChangedLine($0, in: file, side: side) }
        return changed.count == 1 ? changed.first : nil
    }

    /// The lines from the first to the last place that may be meant, when they are few and in one hunk.
    private func stretch(_ places: [ClosedRange<Int>], hint: Int?, file: Int, side: DiffSide) -> ClosedRange<Int>? {
        let near = hint.map { hint in places.filter { Self.distance($0, hint) <= 2 * Self.miscount } } ?? []
        let meant = near.isEmpty ? places : near
        guard let first = meant.map(\.lowerBound).min(), let last = meant.map(\.upperBound).max(), first < last else { return nil }
        guard last - first < Self.widestStretch, index.isOneStretch(first...last, in: file, side: side) else { return nil }
        return first...last
    }

    private static func distance(_ place: ClosedRange<Int>, _ hint: Int) -> Int {
        let (difference, overflow) = place.lowerBound.subtractingReportingOverflow(hint)
        return overflow || difference == .min ? .max / 4 : min(abs(difference), .max / 4)
    }
}
