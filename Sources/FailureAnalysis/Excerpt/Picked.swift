/// Lines chosen so far, in the order they were chosen: keeps within the lines granted and within the number of ranges.
///
/// The first N lines of that order are the excerpt of N lines, so an excerpt holds every smaller one.
struct Picked {
    /// A run of lines chosen together.
    private struct Run {
        let lines: ClosedRange<Int>
        /// The last line was chosen first.
        let isUpwards: Bool
        let reason: String
        /// Lines granted before the grant it was chosen from: an excerpt of so many lines or fewer has no part in it.
        let after: Int
    }

    private(set) var left = 0
    private var granted = 0
    private var after = 0
    private var order: [Run] = []
    /// Sorted, disjoint, not touching.
    private var ranges: [ClosedRange<Int>] = []

    var isFull: Bool { left == 0 }

    /// More lines may be chosen from here on.
    mutating func grant(_ lines: Int) {
        after = granted
        granted += max(0, lines)
        left += max(0, lines)
    }

    /// Adds `lines` as far as the grant goes, from the first on, or from the last on; returns how many are new.
    ///
    /// Gaps of up to two lines to a neighbour are closed when there is room: cheaper to read than a seam.
    @discardableResult
    mutating func add(_ lines: ClosedRange<Int>, _ reason: String, upwards: Bool = false) -> Int {
        guard left > 0, let wanted = affordable(lines, upwards) else { return 0 }
        let near = ranges.filter { $0.lowerBound <= wanted.upperBound + 3 && $0.upperBound >= wanted.lowerBound - 3 }
        let whole = Self.span(wanted, near)
        // Closing a gap may cost a line or two more than there are.
        if cost(of: whole, near) <= left { return insert(whole, near, upwards, reason) }
        let touching = near.filter { $0.lowerBound <= wanted.upperBound + 1 && $0.upperBound >= wanted.lowerBound - 1 }
        return insert(Self.span(wanted, touching), touching, upwards, reason)
    }

    /// Lines among these that were not chosen yet.
    func missing(_ lines: ClosedRange<Int>) -> Int {
        lines.count - ranges.reduce(0) { $0 + ($1.overlaps(lines) ? $1.clamped(to: lines).count : 0) }
    }

    /// The excerpt of the first `budget` lines that were chosen.
    func excerpt(lines budget: Int) -> Excerpt {
        var left = max(0, budget)
        var pieces: [Excerpt.Range] = []
        for run in order where left > 0 && run.after < budget {
            let count = min(left, run.lines.count)
            let first = run.isUpwards ? run.lines.upperBound - count + 1 : run.lines.lowerBound
            pieces.append(Excerpt.Range(lines: first...(first + count - 1), reason: run.reason))
            left -= count
        }
        return Excerpt(ranges: Self.joined(pieces))
    }

    /// The part of `lines` whose new lines can be paid for; `nil` when none is new.
    private func affordable(_ lines: ClosedRange<Int>, _ upwards: Bool) -> ClosedRange<Int>? {
        var new = 0
        var last: Int?
        for offset in 0..<lines.count {
            let line = upwards ? lines.upperBound - offset : lines.lowerBound + offset
            if !contains(line) {
                if new == left { break }
                new += 1
            }
            last = line
        }
        guard new > 0, let last else { return nil }
        return upwards ? last...lines.upperBound : lines.lowerBound...last
    }

    private func contains(_ line: Int) -> Bool { ranges.contains { $0.contains(line) } }

    private static func span(_ lines: ClosedRange<Int>, _ others: [ClosedRange<Int>]) -> ClosedRange<Int> {
        others.reduce(lines) { min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound) }
    }

    private func cost(of whole: ClosedRange<Int>, _ inside: [ClosedRange<Int>]) -> Int {
        whole.count - inside.reduce(0) { $0 + $1.count }
    }

    private mutating func insert(_ whole: ClosedRange<Int>, _ inside: [ClosedRange<Int>], _ upwards: Bool, _ reason: String) -> Int {
        if inside.isEmpty, ranges.count >= Excerpt.mostRanges { return 0 }
        let cost = cost(of: whole, inside)
        guard cost > 0 else { return 0 }
        // Each new run is next to a range that stands, and grows from it: cut short, it makes no range of its own.
        var next = whole.lowerBound
        for range in inside {
            if range.lowerBound > next {
                order.append(Run(lines: next...range.lowerBound - 1, isUpwards: next == whole.lowerBound, reason: reason, after: after))
            }
            next = range.upperBound + 1
        }
        if next <= whole.upperBound {
            order.append(Run(lines: next...whole.upperBound, isUpwards: inside.isEmpty && upwards, reason: reason, after: after))
        }
        ranges.removeAll { inside.contains($0) }
        ranges.append(whole)
        ranges.sort { $0.lowerBound < $1.lowerBound }
        left -= cost
        return cost
    }

    private static func joined(_ pieces: [Excerpt.Range]) -> [Excerpt.Range] {
        var joined: [(lines: ClosedRange<Int>, reasons: [String])] = []
        for piece in pieces.sorted(by: { $0.lines.lowerBound < $1.lines.lowerBound }) {
            guard let last = joined.last, last.lines.upperBound + 1 >= piece.lines.lowerBound else {
                joined.append((piece.lines, [piece.reason]))
                continue
            }
            joined[joined.count - 1].lines = last.lines.lowerBound...max(last.lines.upperBound, piece.lines.upperBound)
            if !last.reasons.contains(piece.reason) { joined[joined.count - 1].reasons.append(piece.reason) }
        }
        return joined.map { Excerpt.Range(lines: $0.lines, reason: $0.reasons.prefix(4).joined(separator: ", ")) }
    }
}
