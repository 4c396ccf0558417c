/// Grows a line that shows an error into the whole block it begins.
package struct BlockGrower {
    private let table: LineTable
    private let shapes: [ErrorShape]
    /// No block grows beyond the output it stands in.
    private let limit: Int

    private static let longest = 250
    /// A message before its stack trace is no longer than this.
    private static let longestMessage = 20
    private static let longestExplanation = 12
    /// A heading directly above an error is shorter than this; a longer run is a stream of output.
    private static let longestHeading = 3

    package init(_ table: LineTable, shapes: [ErrorShape], limit: Int) {
        self.table = table
        self.shapes = shapes
        self.limit = limit
    }

    /// Last line of the block that begins at `line`.
    package func end(from line: Int, _ shape: ErrorShape) -> Int {
        let end =
            switch shape.extent {
            case .line:
                shape.role == .cause || shape.role == .detail ? max(frames(after: line), explanation(after: line)) : frames(after: line)
            case .indented: indented(after: line)
            case .paragraph: paragraph(after: line)
            case .section: section(after: line)
            case .entry: entry(after: line)
            }
        return trimmed(shape.extent == .line || shape.extent == .section ? end : withTrace(end, from: line), from: line)
    }

    private func role(_ line: Int) -> ErrorShape.Role? { shape(line)?.role }

    private func shape(_ line: Int) -> ErrorShape? {
        let index = Int(table[line].shape)
        return index > 0 && index <= shapes.count ? shapes[index - 1] : nil
    }

    private func isWall(_ line: Int) -> Bool {
        line > limit || table[line].mark != .none || role(line) == .harmless
    }

    /// A blank line that ends something. Where every other line is blank (`\r\r\n` line ends), those blanks end nothing.
    private func isGap(_ line: Int) -> Bool {
        func isWord(_ line: Int) -> Bool { !table[line].isBlank }
        guard table[line].isBlank else { return false }
        guard isWord(line - 1), isWord(line + 1) else { return true }
        let above = table[line - 2].isBlank
        let below = table[line + 2].isBlank
        if above && below { return false }
        if below, isWord(line + 3), table[line + 4].isBlank { return false }
        if above, isWord(line - 3), table[line - 4].isBlank { return false }
        return true
    }

    /// First line of the block: the heading over the line that shows the error, directly above or with one blank line between.
    package func start(of line: Int) -> Int {
        if let heading = heading(over: line) { return heading }
        var start = line
        while line - start < Self.longestHeading, start > 1, isHeading(start - 1) { start -= 1 }
        return line - start == Self.longestHeading ? announcement(over: line) : start
    }

    /// In a stream of output only lines that announce what follows belong to it: `In file included from a.c:1:`.
    private func announcement(over line: Int) -> Int {
        var start = line
        while line - start < Self.longestHeading, start > 1, isHeading(start - 1), table[start - 1].announces { start -= 1 }
        return start
    }

    private func isHeading(_ line: Int) -> Bool {
        let traits = table[line]
        if traits.isBlank || traits.isRuler || traits.mark != .none || traits.flags.contains(.chatter) { return false }
        return role(line) != .harmless && role(line) != .aftermath
    }

    private func heading(over line: Int) -> Int? {
        guard line > 2, table[line].indent > 0, table[line - 1].isBlank else { return nil }
        let heading = table[line - 2]
        guard !heading.isBlank, heading.mark == .none, heading.indent < table[line].indent || heading.announces else { return nil }
        return table[line - 3].isBlank || table[line - 3].mark != .none ? line - 2 : nil
    }

    private func frames(after start: Int) -> Int {
        var end = start
        while end - start < 40, !isWall(end + 1), table[end + 1].isFrame, table[end + 1].indent >= table[start].indent { end += 1 }
        return end
    }

    /// What stands directly below and deeper: `a.hs:3:1: error:` and then what is wrong.
    private func explanation(after start: Int) -> Int {
        var end = start
        while end - start < Self.longestExplanation, !isWall(end + 1), !table[end + 1].isBlank, table[end + 1].indent > table[start].indent
        { end += 1 }
        return end
    }

    private func indented(after start: Int) -> Int {
        let indent = table[start].indent
        var end = start
        var line = start + 1
        while line - start < Self.longest, !isWall(line) {
            let traits = table[line]
            if traits.isBlank {
                guard line - end < 3 else { break }
            } else if !isGap(line - 1), table[line - 1].isBlank, line - start < 40 {
                end = line
            } else if traits.indent > indent || traits.isFrame {
                end = line
            } else {
                break
            }
            line += 1
        }
        return end
    }

    private func paragraph(after start: Int) -> Int {
        var end = start
        while end - start < 120, !isWall(end + 1), !isGap(end + 1) { end += 1 }
        // A heading alone is followed by a blank line and then by what it announces.
        if end == start, !isWall(start + 2), table[start + 1].isBlank, table[start + 2].indent > table[start].indent {
            end = start + 2
            while end - start < 120, !isWall(end + 1), !isGap(end + 1) { end += 1 }
        }
        return max(end, indented(after: end))
    }

    private func section(after start: Int) -> Int {
        let own = table[start].shape
        var end = start
        var line = start + 1
        var blanks = 0
        while line - start < Self.longest, !isWall(line) {
            let traits = table[line]
            if traits.shape == own, line > start + 1 { break }
            if traits.isRuler, traits.indent == 0, line > start + 2 { break }
            if role(line) == .summary { break }
            blanks = isGap(line) ? blanks + 1 : 0
            if blanks > 2 { break }
            if !traits.isBlank { end = line }
            line += 1
        }
        return end
    }

    private func entry(after start: Int) -> Int {
        let own = table[start].shape
        let indent = table[start].indent
        var end = start
        var line = start + 1
        while line - start < 120, !isWall(line) {
            let traits = table[line]
            if traits.isBlank {
                guard line - end < 3 else { break }
            } else if traits.shape == own && traits.indent <= indent || role(line) == .summary && traits.indent <= indent {
                break
            } else if isGap(line - 1), traits.indent <= indent, !traits.isFrame, role(line) == nil || role(line) == .aftermath {
                // After a blank line only what is indented, a frame or an error of its own continues the entry.
                break
            } else {
                end = line
            }
            line += 1
        }
        return end
    }

    /// A message may run over many lines before its stack trace: when frames follow without a gap, everything up to the last of them
    /// belongs together.
    private func withTrace(_ end: Int, from start: Int) -> Int {
        var end = end
        var line = end + 1
        while line - end < Self.longestMessage, line - start < Self.longest, !isWall(line), !isGap(line) {
            if table[line].isFrame, table[line].indent > table[start].indent || table[end].isFrame { end = line }
            line += 1
        }
        return end
    }

    private func trimmed(_ end: Int, from start: Int) -> Int {
        var end = min(end, max(limit, start))
        while end > start, table[end].isBlank { end -= 1 }
        return end
    }
}
