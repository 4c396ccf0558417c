/// A unified diff of two texts, enough to show a drift: one hunk per file, what is equal at both ends left out.
package enum LineDiff {
    package static func unified(_ old: String?, _ new: String, path: String) -> String {
        let before = lines(old ?? "")
        let after = lines(new)
        var head = 0
        while head < min(before.count, after.count), before[head] == after[head] { head += 1 }
        var tail = 0
        while tail < min(before.count, after.count) - head, before[before.count - 1 - tail] == after[after.count - 1 - tail] { tail += 1 }
        guard head < before.count || head < after.count else { return "" }
        let lead = max(0, head - 3)
        let trail = max(0, tail - 3)
        let context = before[lead..<head].map { " " + $0 }
        let after3 = before[(before.count - tail)..<(before.count - trail)].map { " " + $0 }
        let removed = before[head..<(before.count - tail)].map { "-" + $0 }
        let added = after[head..<(after.count - tail)].map { "+" + $0 }
        let oldCount = before.count - lead - trail
        let newCount = after.count - lead - trail
        let header = ["--- \(old == nil ? "/dev/null" : "a/" + path)", "+++ b/\(path)"]
        let place = "@@ -\(before.isEmpty ? 0 : lead + 1),\(oldCount) +\(after.isEmpty ? 0 : lead + 1),\(newCount) @@"
        return (header + [place] + context + removed + added + after3).joined(separator: "\n") + "\n"
    }

    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
