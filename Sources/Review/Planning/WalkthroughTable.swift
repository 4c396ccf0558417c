import Basics
import Policy
import Text

/// What the change touches, file by file, and how long reading it takes. Made from the diff alone: nobody's opinion.
struct WalkthroughTable: Sendable {
    private static let mostRows = 25
    /// Below this the diff itself is the better table.
    private static let fewestFiles = 3
    /// Lines a careful reader takes in a minute. Source: SmartBear, "Best practices for peer code review": at most 300 to 500 an hour.
    private static let linesPerMinute = 7

    private let change: Change

    init(_ change: Change) {
        self.change = change
    }

    var markdown: Markdown {
        guard change.files.count >= Self.fewestFiles else { return effort }
        let shown = change.files.sorted { Self.weight($0) > Self.weight($1) }.prefix(Self.mostRows)
        let rows = shown.map { file -> [Markdown] in
            let diff = file.diff
            return [
                "\(code: diff.path)", "\(word: PathKind(file.path).rawValue)",
                "\(word: Self.word(diff)) +\(diff.addedLineCount) −\(diff.removedLineCount)",
                "\(word: Self.symbols(diff))",
            ]
        }
        let rest = change.files.count - shown.count
        let more: Markdown = rest > 0 ? "…and \(rest) more files." : Markdown()
        return Markdown.together([
            "<details><summary>What changes, file by file</summary>", .table([["File", "Kind", "Change", "In"]] + rows), more, "</details>",
        ]) + effort
    }

    /// A reader's time, from the lines a person has to read.
    private var effort: Markdown {
        let lines = change.files.reduce(0) { sum, file in
            let share = Self.share(PathKind(file.path))
            return sum + Int(Double(file.diff.addedLineCount + file.diff.removedLineCount) * share)
        }
        guard lines > 0 else { return Markdown() }
        let minutes = max(1, (lines + Self.linesPerMinute - 1) / Self.linesPerMinute)
        let size = lines < 50 ? "small" : lines < 250 ? "medium" : lines < 1000 ? "large" : "very large"
        return minutes < 90
            ? "<sub>Effort: \(word: size), about \(minutes) minutes of reading.</sub>"
            : "<sub>Effort: \(word: size), about \((minutes + 30) / 60) hours of reading.</sub>"
    }

    private static func share(_ kind: PathKind) -> Double {
        switch kind {
        case .source, .workflow: 1
        case .configuration, .test: 0.6
        case .documentation, .other: 0.3
        case .generated, .vendored: 0
        }
    }

    private static func weight(_ file: Change.File) -> Double {
        share(PathKind(file.path)) * Double(file.diff.addedLineCount + file.diff.removedLineCount)
    }

    private static func word(_ diff: FileDiff) -> String {
        switch diff.change {
        case .added: "new"
        case .removed: "removed"
        case .modified: "changed"
        case .renamed: "renamed"
        case .copied: "copied"
        }
    }

    /// The functions and types the hunks are in, as git names them.
    private static func symbols(_ diff: FileDiff) -> String {
        var seen: [String] = []
        for hunk in diff.hunks {
            let name = String(hunk.section.raw.trimmingBlanks.prefix(60))
            if !name.isEmpty, !seen.contains(name) { seen.append(name) }
        }
        return seen.prefix(3).joined(separator: ", ") + (seen.count > 3 ? ", …" : "")
    }
}
