/// A unified diff of two texts, enough to show a drift: only lines that differ, with three lines around them.
package enum LineDiff {
    private static let around = 3
    /// Beyond this many lines what lies between the first and the last difference is shown as a whole.
    private static let mostLines = 4_000

    private enum Line {
        case same(Substring)
        case removed(Substring)
        case added(Substring)
    }

    package static func unified(_ old: String?, _ new: String, path: String) -> String {
        let all = compared(lines(old ?? ""), lines(new))
        var hunks: [String] = []
        var index = 0
        // Places in the old and the new text, from 1.
        var place = (old: 1, new: 1)
        while let first = all[index...].firstIndex(where: isChange) {
            let start = max(index, first - around)
            place.old += start - index
            place.new += start - index
            var end = first + 1
            while let next = all[end...].firstIndex(where: isChange), next - end <= 2 * around { end = next + 1 }
            end = min(all.count, end + around)
            hunks.append(hunk(all[start..<end], &place))
            index = end
        }
        guard !hunks.isEmpty else { return "" }
        return (["--- \(old == nil ? "/dev/null" : "a/" + path)", "+++ b/\(path)"] + hunks).joined(separator: "\n") + "\n"
    }

    private static func hunk(_ lines: ArraySlice<Line>, _ place: inout (old: Int, new: Int)) -> String {
        var count = (old: 0, new: 0)
        let texts = lines.map { line in
            switch line {
            case .same(let text):
                count.old += 1
                count.new += 1
                return " " + text
            case .removed(let text):
                count.old += 1
                return "-" + text
            case .added(let text):
                count.new += 1
                return "+" + text
            }
        }
        let start = (old: count.old == 0 ? place.old - 1 : place.old, new: count.new == 0 ? place.new - 1 : place.new)
        place.old += count.old
        place.new += count.new
        return (["@@ -\(start.old),\(count.old) +\(start.new),\(count.new) @@"] + texts).joined(separator: "\n")
    }

    private static func isChange(_ line: Line) -> Bool { if case .same = line { false } else { true } }

    /// What is equal at both ends is not compared.
    private static func compared(_ before: [Substring], _ after: [Substring]) -> [Line] {
        let shorter = min(before.count, after.count)
        var head = 0
        while head < shorter, before[head] == after[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, before[before.count - 1 - tail] == after[after.count - 1 - tail] { tail += 1 }
        let old = before[head..<(before.count - tail)]
        let new = after[head..<(after.count - tail)]
        return before[..<head].map(Line.same) + changed(Array(old), Array(new)) + before[(before.count - tail)...].map(Line.same)
    }

    private static func changed(_ old: [Substring], _ new: [Substring]) -> [Line] {
        guard max(old.count, new.count) <= mostLines else { return old.map(Line.removed) + new.map(Line.added) }
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(offset))
        let added = Set(difference.insertions.map(offset))
        var lines: [Line] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                lines.append(.removed(old[i]))
                i += 1
            } else if j < new.count, added.contains(j) {
                lines.append(.added(new[j]))
                j += 1
            } else {
                if i < old.count { lines.append(.same(old[i])) }
                (i, j) = (i + 1, j + 1)
            }
        }
        return lines
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
