/// Lines chosen so far: keeps within the budget and within the number of ranges.
struct Picked {
    private(set) var left: Int
    /// Sorted, disjoint, not touching.
    private var ranges: [Excerpt.Range] = []

    init(budget: Int) {
        left = max(0, budget)
    }

    var isFull: Bool { left == 0 }
    var excerpt: Excerpt { Excerpt(ranges: ranges) }

    /// Adds `lines` as far as the budget goes, from the first on; returns how many are new.
    ///
    /// Gaps of up to two lines to a neighbour are closed when there is room: cheaper to read than a seam.
    @discardableResult
    mutating func add(_ lines: ClosedRange<Int>, _ reason: String) -> Int {
        guard left > 0 else { return 0 }
        var upper = lines.lowerBound
        var new = 0
        for line in lines {
            if !contains(line) {
                if new == left { break }
                new += 1
            }
            upper = line
        }
        guard new > 0 else { return 0 }
        return insert(lines.lowerBound...upper, new, reason)
    }

    private func contains(_ line: Int) -> Bool { ranges.contains { $0.lines.contains(line) } }

    private mutating func insert(_ lines: ClosedRange<Int>, _ new: Int, _ reason: String) -> Int {
        let touching = ranges.filter { touches($0.lines, lines) }
        if touching.isEmpty, ranges.count >= Excerpt.mostRanges { return 0 }
        var whole = lines
        for range in touching { whole = min(whole.lowerBound, range.lines.lowerBound)...max(whole.upperBound, range.lines.upperBound) }
        // Closing a gap may cost a line or two more than there are.
        let cost = whole.count - touching.reduce(0) { $0 + $1.lines.count }
        guard cost <= left else { return insertExactly(lines, new, reason) }
        var reasons: [String] = []
        for text in touching.map(\.reason) + [reason] where !reasons.contains(text) { reasons.append(text) }
        ranges = ranges.filter { !touching.contains($0) }
        ranges.append(Excerpt.Range(lines: whole, reason: reasons.prefix(4).joined(separator: ", ")))
        ranges.sort { $0.lines.lowerBound < $1.lines.lowerBound }
        left -= cost
        return new
    }

    private mutating func insertExactly(_ lines: ClosedRange<Int>, _ new: Int, _ reason: String) -> Int {
        let touching = ranges.filter { $0.lines.lowerBound <= lines.upperBound + 1 && $0.lines.upperBound >= lines.lowerBound - 1 }
        if touching.isEmpty, ranges.count >= Excerpt.mostRanges { return 0 }
        var whole = lines
        for range in touching { whole = min(whole.lowerBound, range.lines.lowerBound)...max(whole.upperBound, range.lines.upperBound) }
        ranges = ranges.filter { !touching.contains($0) }
        ranges.append(Excerpt.Range(lines: whole, reason: (touching.map(\.reason) + [reason]).first ?? reason))
        ranges.sort { $0.lines.lowerBound < $1.lines.lowerBound }
        left -= new
        return new
    }

    private func touches(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) -> Bool {
        a.lowerBound <= b.upperBound + 3 && a.upperBound >= b.lowerBound - 3
    }
}
