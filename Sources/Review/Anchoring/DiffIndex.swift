import Basics
import Text

/// A change's lines by file and side, ready to be searched.
struct DiffIndex: Sendable {
    private struct Run: Sendable {
        /// Consecutive numbers from `first`.
        let first: Int
        let texts: [String]
        let isChanged: [Bool]
    }

    private struct Entry: Sendable {
        let old: [Run]
        let new: [Run]
        let commentable: CommentableLines
    }

    private let entries: [Entry]
    private let byPath: [String: Int]
    private let byName: [String: [Int]]

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
    }

    var fileIndices: Range<Int> { entries.indices }

    func commentable(_ file: Int) -> CommentableLines { entries[file].commentable }

    /// The file of that path: as it is, without `a/`, `b/`, `./` or `/`, by its former path, or by its name when only one has it.
    func file(named path: String) -> Int? {
        let path = path.trimmingBlanks
        if let index = byPath[path] { return index }
        for prefix in ["a/", "b/", "./", "/"] where path.hasPrefix(prefix) {
            if let index = byPath[String(path.dropFirst(prefix.count))] { return index }
        }
        let same = byName[Self.name(path)] ?? []
        return same.count == 1 ? same.first : nil
    }

    /// Every place of these lines on that side, as line numbers. Never over the border of a hunk.
    func places(of lines: [String], in file: Int, side: DiffSide, _ search: Search) -> [ClosedRange<Int>] {
        let wanted = lines.map { NormalizedCode.line($0, search.tolerance) }
        let runs = side == .old ? entries[file].old : entries[file].new
        if case .within = search { return within(wanted, runs) }
        guard let first = wanted.first else { return [] }
        return runs.flatMap { run -> [ClosedRange<Int>] in
            guard run.texts.count >= wanted.count else { return [] }
            return (0...(run.texts.count - wanted.count)).compactMap { start in
                guard NormalizedCode.line(run.texts[start], search.tolerance) == first else { return nil }
                let matches = wanted.indices.allSatisfy { NormalizedCode.line(run.texts[start + $0], search.tolerance) == wanted[$0] }
                return matches ? (run.first + start)...(run.first + start + wanted.count - 1) : nil
            }
        }
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

    /// A quote of one line that is long enough not to be anywhere by chance.
    private func within(_ wanted: [String], _ runs: [Run]) -> [ClosedRange<Int>] {
        guard let quote = wanted.first, wanted.count == 1, quote.utf8.count >= 8 else { return [] }
        return runs.flatMap { run in
            run.texts.indices.compactMap { index in
                NormalizedCode.line(run.texts[index]).contains(quote) ? (run.first + index)...(run.first + index) : nil
            }
        }
    }

    private static func runs(_ diff: FileDiff, _ side: DiffSide) -> [Run] {
        diff.hunks.compactMap { hunk in
            let lines = hunk.lines.filter { $0.number(on: side) != nil }
            guard let first = lines.first?.number(on: side), first >= 1 else { return nil }
            return Run(first: first, texts: lines.map(\.text.raw), isChanged: lines.map { $0.kind != .context })
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
