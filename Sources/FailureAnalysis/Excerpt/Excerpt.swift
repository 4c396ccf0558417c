/// The lines of a log worth reading, within a budget of lines.
package struct Excerpt: Sendable, Hashable {
    package struct Range: Sendable, Hashable {
        /// Counted from 1.
        package var lines: ClosedRange<Int>
        /// Why it is here, for people: `go.testFail`, `end of the failing step`.
        package var reason: String
    }

    /// In the order of the log, never more than `mostRanges`; none touch.
    package let ranges: [Range]

    package static let mostRanges = 20

    package init(ranges: [Range]) {
        self.ranges = ranges
    }

    package var lineCount: Int { ranges.reduce(0) { $0 + $1.lines.count } }
}
