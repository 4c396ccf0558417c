import Text

/// A change of a file: parts of lines replaced, lines added. The rest stays byte for byte.
struct FileEdit: Sendable, Hashable {
    struct Replacement: Sendable, Hashable {
        /// From 1.
        var line: Int
        /// Scalars of the line, from 0; empty for an insertion.
        var columns: Range<Int>
        var text: String
    }

    struct Insertion: Sendable, Hashable {
        /// The line they follow, from 1; 0 for the top of the file.
        var after: Int
        var lines: [String]
    }

    var replacements: [Replacement] = []
    var insertions: [Insertion] = []

    static func + (a: FileEdit, b: FileEdit) -> FileEdit {
        FileEdit(replacements: a.replacements + b.replacements, insertions: a.insertions + b.insertions)
    }
}

/// A file with its edits applied, line by line, so that both the new text and a patch can be told.
struct EditedText: Sendable {
    private struct Line {
        var old: String
        var new: [String]
        var isChanged: Bool { new != [old] }
    }

    private var top: [String] = []
    private var lines: [Line]
    private let endsInBreak: Bool

    /// `nil` when an edit names a place the file does not have, or two of them replace the same characters.
    init?(_ text: [String], _ edits: [FileEdit]) {
        endsInBreak = text.last?.isEmpty ?? true
        lines = (endsInBreak ? text.dropLast() : text[...]).map { Line(old: $0, new: [$0]) }
        for (number, replacements) in Dictionary(grouping: Set(edits.flatMap(\.replacements)), by: \.line) {
            guard lines.indices.contains(number - 1), let new = Self.replaced(lines[number - 1].old, replacements) else { return nil }
            lines[number - 1].new = new
        }
        var seen: Set<FileEdit.Insertion> = []
        for insertion in edits.flatMap(\.insertions) where seen.insert(insertion).inserted {
            if insertion.after == 0 {
                top += insertion.lines
            } else if lines.indices.contains(insertion.after - 1) {
                lines[insertion.after - 1].new += insertion.lines
            } else {
                return nil
            }
        }
    }

    private static func replaced(_ line: String, _ replacements: [FileEdit.Replacement]) -> [String]? {
        var scalars = Array(line.unicodeScalars)
        var bound = scalars.count
        let fromBehind = replacements.sorted { a, b in
            (a.columns.lowerBound, a.columns.upperBound) > (b.columns.lowerBound, b.columns.upperBound)
        }
        for change in fromBehind {
            guard change.columns.lowerBound >= 0, change.columns.upperBound <= bound else { return nil }
            bound = change.columns.lowerBound
            scalars.replaceSubrange(change.columns, with: Array(change.text.unicodeScalars))
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var text: String {
        // A last line nobody touched stays without its line break.
        let ends = endsInBreak || lines.last?.isChanged == true
        return (top + lines.flatMap(\.new)).joined(separator: "\n") + (ends ? "\n" : "")
    }

    /// A unified diff that `git apply` and `patch -p1` take; empty when nothing changed.
    func patch(path: String) -> String {
        let changed = lines.indices.filter { lines[$0].isChanged }
        guard !changed.isEmpty || !top.isEmpty else { return "" }
        var hunks: [ClosedRange<Int>] = top.isEmpty ? [] : [0...min(2, max(0, lines.count - 1))]
        for index in changed {
            let span = max(0, index - 3)...min(lines.count - 1, index + 3)
            if let last = hunks.last, span.lowerBound <= last.upperBound + 1 {
                hunks[hunks.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
            } else {
                hunks.append(span)
            }
        }
        var offset = 0
        var result = "--- a/\(path)\n+++ b/\(path)\n"
        for hunk in hunks {
            let lead = hunk.lowerBound == 0 ? top : []
            let part = lines.isEmpty ? [] : Array(lines[hunk])
            let count = part.reduce(lead.count) { $0 + $1.new.count }
            result += "@@ -\(hunk.lowerBound + 1),\(part.count) +\(hunk.lowerBound + 1 + offset),\(count) @@\n"
            result += lead.map { "+\($0)\n" }.joined()
            for (index, line) in part.enumerated() { result += rendered(line, isLast: hunk.lowerBound + index == lines.count - 1) }
            offset += count - part.count
        }
        return result
    }

    private func rendered(_ line: Line, isLast: Bool) -> String {
        let mark = isLast && !endsInBreak ? "\n\\ No newline at end of file\n" : "\n"
        if !line.isChanged { return " \(line.old)\(mark)" }
        guard line.new.first == line.old, mark == "\n" else {
            let head = line.new.last == line.old && mark == "\n" ? "" : "-\(line.old)\(mark)"
            let added =
                head.isEmpty ? line.new.dropLast().map { "+\($0)\n" }.joined() + " \(line.old)\n" : line.new.map { "+\($0)\n" }.joined()
            return head + added
        }
        return " \(line.old)\n" + line.new.dropFirst().map { "+\($0)\n" }.joined()
    }
}
