/// How one file differs between two trees, and which lines a review comment may stand on.
struct SandboxFileDiff: Sendable {
    struct Hunk: Sendable {
        let oldStart: Int
        let newStart: Int
        let lines: [SandboxLineDiff.Line]

        var oldLines: [Int] { lines.compactMap(\.old) }
        var newLines: [Int] { lines.compactMap(\.new) }

        var text: String {
            let header = "@@ -\(Self.range(oldStart, oldLines.count)) +\(Self.range(newStart, newLines.count)) @@"
            return ([header] + lines.map(\.text)).joined(separator: "\n")
        }

        private static func range(_ start: Int, _ count: Int) -> String { count == 1 ? "\(start)" : "\(start),\(count)" }
    }

    let path: String
    /// `added`, `removed` or `modified`.
    let status: String
    let hunks: [Hunk]
    let isBinary: Bool

    var additions: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.old == nil } } }
    var deletions: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.new == nil } } }
    /// `nil` for binary files, as the real forges have it.
    var patch: String? { isBinary || hunks.isEmpty ? nil : hunks.map(\.text).joined(separator: "\n") }

    /// The hunk with this line on this side: context lines belong to both.
    func hunk(with line: Int, onLeft: Bool) -> Int? {
        hunks.firstIndex { (onLeft ? $0.oldLines : $0.newLines).contains(line) }
    }

    static func between(_ old: [String: [UInt8]], _ new: [String: [UInt8]]) -> [SandboxFileDiff] {
        Set(old.keys).union(new.keys).sorted().compactMap { path in
            let before = old[path]
            let after = new[path]
            guard before != after else { return nil }
            let status = before == nil ? "added" : after == nil ? "removed" : "modified"
            let isBinary = [before, after].contains { $0?.contains(0) == true }
            let hunks = isBinary ? [] : SandboxLineDiff.hunks(from: before ?? [], to: after ?? [])
            return SandboxFileDiff(path: path, status: status, hunks: hunks, isBinary: isBinary)
        }
    }
}

/// Lines compared by their longest common subsequence: sample files are small.
enum SandboxLineDiff {
    struct Line: Sendable {
        let old: Int?
        let new: Int?
        let content: String
        let lacksNewline: Bool

        var text: String {
            let sign = old == nil ? "+" : new == nil ? "-" : " "
            return sign + content + (lacksNewline ? "\n\\ No newline at end of file" : "")
        }
    }

    private static let context = 3

    static func hunks(from old: [UInt8], to new: [UInt8]) -> [SandboxFileDiff.Hunk] {
        let all = lines(from: split(old), to: split(new))
        var hunks: [SandboxFileDiff.Hunk] = []
        var index = 0
        while let change = all[index...].firstIndex(where: { isChange($0) }) {
            let start = max(change - context, index)
            var end = change
            while let next = all[(end + 1)...].prefix(2 * context + 1).firstIndex(where: { isChange($0) }) { end = next }
            let stop = min(end + context + 1, all.count)
            hunks.append(hunk(Array(all[start..<stop]), before: all[..<start]))
            index = stop
        }
        return hunks
    }

    private static func isChange(_ line: Line) -> Bool { line.old == nil || line.new == nil }

    private static func hunk(_ lines: [Line], before: ArraySlice<Line>) -> SandboxFileDiff.Hunk {
        // A side without lines is numbered by the line before it. Source: POSIX diff -u
        let oldBefore = before.count { $0.old != nil }
        let newBefore = before.count { $0.new != nil }
        let oldStart = lines.contains { $0.old != nil } ? oldBefore + 1 : oldBefore
        let newStart = lines.contains { $0.new != nil } ? newBefore + 1 : newBefore
        return SandboxFileDiff.Hunk(oldStart: oldStart, newStart: newStart, lines: lines)
    }

    private struct Source: Equatable {
        let content: String
        let lacksNewline: Bool
    }

    private static func split(_ bytes: [UInt8]) -> [Source] {
        guard !bytes.isEmpty else { return [] }
        var parts = bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        let endsWithNewline = bytes.last == 10
        if endsWithNewline { parts.removeLast() }
        return parts.enumerated().map { Source(content: $1, lacksNewline: !endsWithNewline && $0 == parts.count - 1) }
    }

    private static func lines(from old: [Source], to new: [Source]) -> [Line] {
        var lengths = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                lengths[i][j] = old[i] == new[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var lines: [Line] = []
        var i = 0
        var j = 0
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                lines.append(Line(old: i + 1, new: j + 1, content: old[i].content, lacksNewline: old[i].lacksNewline))
                i += 1
                j += 1
            } else if i < old.count, j == new.count || lengths[i + 1][j] >= lengths[i][j + 1] {
                lines.append(Line(old: i + 1, new: nil, content: old[i].content, lacksNewline: old[i].lacksNewline))
                i += 1
            } else {
                lines.append(Line(old: nil, new: j + 1, content: new[j].content, lacksNewline: new[j].lacksNewline))
                j += 1
            }
        }
        return lines
    }
}
