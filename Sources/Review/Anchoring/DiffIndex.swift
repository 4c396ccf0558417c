import Basics
import Text

/// A change's lines by file and side, ready to be searched.
struct DiffIndex: Sendable {
    private struct Run: Sendable {
        /// Consecutive numbers from `first`.
        let first: Int
        let texts: [String]
        /// The same without indentation and runs of blanks.
        let plain: [String]
        let isChanged: [Bool]
        /// Equal for lines that are equal in the loosest reading: what differs here need not be compared.
        let keys: [UInt64]
    }

    private struct Entry: Sendable {
        let old: [Run]
        let new: [Run]
        let commentable: CommentableLines
    }

    private let entries: [Entry]
    private let byPath: [String: Int]
    private let byName: [String: [Int]]
    private let paths: [String]

    init(_ change: Change) {
        entries = change.files.map { file in
            Entry(old: Self.runs(file.diff, .old), new: Self.runs(file.diff, .new), commentable: CommentableLines(file.diff))
        }
        var byPath: [String: Int] = [:]
        var byName: [String: [Int]] = [:]
        // Old names first, so that a file's present name wins over another's former one.
        for (index, file) in change.files.enumerated() { byPath[file.diff.oldPath?.raw ?? file.path] = index }
        for (index, file) in change.files.enumerated() {
            byPath[file.path] = index
            byName[Self.name(file.path), default: []].append(index)
        }
        self.byPath = byPath
        self.byName = byName
        paths = change.files.map(\.path)
    }

    var fileIndices: Range<Int> { entries.indices }

    func commentable(_ file: Int) -> CommentableLines { entries[file].commentable }

    /// The file of that path: as it is, without `a/`, `b/`, `./` or `/`, by its former path, or by the end of its path when only one ends so.
    func file(named path: String) -> Int? {
        let path = path.trimmingBlanks
        if let index = byPath[path] { return index }
        for prefix in ["a/", "b/", "./", "/"] where path.hasPrefix(prefix) {
            if let index = byPath[String(path.dropFirst(prefix.count))] { return index }
        }
        let same = namesakes(of: path)
        if same.count == 1 { return same.first }
        let ending = same.filter { paths[$0].hasSuffix("/" + path) }
        return ending.count == 1 && path.utf8.contains(UInt8(ascii: "/")) ? ending.first : nil
    }

    /// Files of the same name in whatever folder.
    func namesakes(of path: String) -> [Int] { byName[Self.name(path.trimmingBlanks)] ?? [] }

    /// Every place of these lines on that side, as line numbers. Never over the border of a hunk.
    func places(of lines: [String], in file: Int, side: DiffSide, _ search: Search) -> [ClosedRange<Int>] {
        let runs = side == .old ? entries[file].old : entries[file].new
        switch search {
        case .exact, .lineEnd, .blanks, .none: return whole(lines, runs, search.tolerance)
        case .blankLines: return withoutBlankLines(lines, runs)
        case .within: return within(lines.map { NormalizedCode.line($0) }, runs)
        case .gaps: return gapped(lines, runs)
        }
    }

    private func whole(_ lines: [String], _ runs: [Run], _ tolerance: NormalizedCode.Tolerance) -> [ClosedRange<Int>] {
        let wanted = lines.map { NormalizedCode.line($0, tolerance) }
        let keys = lines.map(NormalizedCode.key)
        guard let first = keys.first else { return [] }
        return runs.flatMap { run -> [ClosedRange<Int>] in
            guard run.texts.count >= wanted.count else { return [] }
            return (0...(run.texts.count - wanted.count)).compactMap { start in
                guard run.keys[start] == first else { return nil }
                let matches = wanted.indices.allSatisfy {
                    run.keys[start + $0] == keys[$0] && NormalizedCode.line(run.texts[start + $0], tolerance) == wanted[$0]
                }
                return matches ? (run.first + start)...(run.first + start + wanted.count - 1) : nil
            }
        }
    }

    /// The same, with blank lines left out on both sides of the comparison.
    private func withoutBlankLines(_ lines: [String], _ runs: [Run]) -> [ClosedRange<Int>] {
        let keys = lines.filter { !NormalizedCode.isBlank($0) }.map(NormalizedCode.key)
        guard keys.count > 1 else { return [] }
        return runs.flatMap { run -> [ClosedRange<Int>] in
            let solid = run.texts.indices.filter { !NormalizedCode.isBlank(run.texts[$0]) }
            guard solid.count >= keys.count else { return [] }
            return (0...(solid.count - keys.count)).compactMap { start in
                guard keys.indices.allSatisfy({ run.keys[solid[start + $0]] == keys[$0] }) else { return nil }
                return (run.first + solid[start])...(run.first + solid[start + keys.count - 1])
            }
        }
    }

    /// Where a finding about that many lines could still be one place.
    private static let widestGap = 60
    /// More are no quote, and would be searched for long.
    private static let mostParts = 6

    /// The parts of a quote between its `...`, one after the other, each at its next place.
    private func gapped(_ lines: [String], _ runs: [Run]) -> [ClosedRange<Int>] {
        let parts = lines.split(whereSeparator: Self.isGap).map(Array.init)
        guard (2...Self.mostParts).contains(parts.count), let first = parts.first else { return [] }
        return runs.flatMap { run in
            whole(first, [run], .blanks).compactMap { place -> ClosedRange<Int>? in
                var end = place.upperBound
                for part in parts.dropFirst() {
                    guard let next = whole(part, [run], .blanks).first(where: { $0.lowerBound > end + 1 }) else { return nil }
                    end = next.upperBound
                }
                return end - place.lowerBound <= Self.widestGap ? place.lowerBound...end : nil
            }
        }
    }

    private static func isGap(_ line: String) -> Bool {
        let text = line.trimmingBlanks.drop { "/#-*".contains($0) }.drop { $0 == " " }
        return text == "..." || text == "…" || text == "[...]"
    }

    /// One comment can cover both places: they lie in one stretch of the diff.
    func isOneStretch(_ lines: ClosedRange<Int>, in file: Int, side: DiffSide) -> Bool {
        entries[file].commentable.refusal(side: side, startLine: lines.lowerBound, line: lines.upperBound) == nil
    }

    func hasChangedLine(_ lines: ClosedRange<Int>, in file: Int, side: DiffSide) -> Bool {
        let runs = side == .old ? entries[file].old : entries[file].new
        return runs.contains { run in
            lines.contains { number in
                let offset = number - run.first
                return run.isChanged.indices.contains(offset) && run.isChanged[offset]
            }
        }
    }

    /// None of the lines changed: they stand on both sides.
    func isContext(_ lines: ClosedRange<Int>, in file: Int, side: DiffSide) -> Bool { !hasChangedLine(lines, in: file, side: side) }

    /// The text of lines on a side; empty where they are not in the diff.
    func texts(_ lines: ClosedRange<Int>, in file: Int, side: DiffSide) -> [String] {
        let runs = side == .old ? entries[file].old : entries[file].new
        guard let run = runs.first(where: { $0.first <= lines.lowerBound && lines.upperBound < $0.first + $0.texts.count }) else {
            return []
        }
        return Array(run.texts[(lines.lowerBound - run.first)...(lines.upperBound - run.first)])
    }

    /// A quote that is long enough not to be anywhere by chance. Of several lines the first may lack its beginning, the last its end.
    private func within(_ wanted: [String], _ runs: [Run]) -> [ClosedRange<Int>] {
        guard let first = wanted.first, let last = wanted.last, wanted.reduce(0, { $0 + $1.utf8.count }) >= 8 else { return [] }
        let inner = wanted.dropFirst().dropLast()
        return runs.flatMap { run -> [ClosedRange<Int>] in
            let texts = run.plain
            guard texts.count >= wanted.count else { return [] }
            return (0...(texts.count - wanted.count)).compactMap { start in
                let end = start + wanted.count - 1
                let isHere =
                    wanted.count == 1
                    ? texts[start].contains(first)
                    : texts[start].hasSuffix(first) && texts[end].hasPrefix(last) && texts[(start + 1)..<end].elementsEqual(inner)
                return isHere ? (run.first + start)...(run.first + end) : nil
            }
        }
    }

    private static func runs(_ diff: FileDiff, _ side: DiffSide) -> [Run] {
        diff.hunks.compactMap { hunk in
            let lines = hunk.lines.filter { $0.number(on: side) != nil }
            guard let first = lines.first?.number(on: side), first >= 1 else { return nil }
            return Run(
                first: first, texts: lines.map(\.text.raw), plain: lines.map { NormalizedCode.line($0.text.raw) },
                isChanged: lines.map { $0.kind != .context },
                keys: lines.map { NormalizedCode.key($0.text.raw) })
        }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension String {
    /// Without blanks at either end.
    var trimmingBlanks: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { $0 > 32 }), let last = bytes.lastIndex(where: { $0 > 32 }) else { return "" }
        return String(self[first...last])
    }
}
