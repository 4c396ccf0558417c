package import Basics

/// A stretch of changed lines with the lines around them.
package struct Hunk: Sendable, Hashable, Codable {
    /// As the `@@` line says: first line and number of lines on each side. A count of 0 means the side is empty there.
    package let oldStart: Int
    package let oldCount: Int
    package let newStart: Int
    package let newCount: Int
    /// What follows the second `@@`: usually the line that opens the enclosing function.
    package let section: UntrustedText
    package internal(set) var lines: [DiffLine]

    package init(oldStart: Int, oldCount: Int, newStart: Int, newCount: Int, section: UntrustedText, lines: [DiffLine]) {
        self.oldStart = oldStart
        self.oldCount = oldCount
        self.newStart = newStart
        self.newCount = newCount
        self.section = section
        self.lines = lines
    }

    /// As many lines came as the `@@` line promised. `false` when the text was cut off.
    package var isComplete: Bool {
        lines.count(where: { $0.kind != .added }) == oldCount && lines.count(where: { $0.kind != .removed }) == newCount
    }

    /// Lines added or removed.
    package var changedLineCount: Int { lines.count(where: { $0.kind != .context }) }
}
