import Basics
import Forge
import Text

/// Knows what CI has said of the head, so that it is not said once more: readers see a check's annotations beside the lines already.
struct ToldByChecks: Sendable {
    private let annotations: [String: [CheckAnnotation]]
    private let files: [Change.File]

    init(_ change: Change) {
        annotations = Dictionary(grouping: change.annotations ?? [], by: \.path)
        files = change.files
    }

    /// Only on lines of the head that a check named, and only what it said in similar words: two defects may share a line.
    func said(_ finding: Finding, _ anchor: Anchor) -> (Disposition, String)? {
        guard case .lines(let file, .new, let lines) = anchor, files.indices.contains(file) else { return nil }
        let earlier = annotations[files[file].path]?.first { annotation in
            annotation.lines.overlaps(lines) && says(annotation, finding)
        }
        return earlier.map { (.suppressed, "CI has said it already (\($0.check.raw.prefix(80)))") }
    }

    private func says(_ annotation: CheckAnnotation, _ finding: Finding) -> Bool {
        let text = annotation.title.raw + " " + annotation.message.raw
        if case .tool(_, let rule?) = finding.source, rule.utf8.count >= 3, text.contains(rule) { return true }
        return SaidAlready.holds(text, finding.title.raw)
    }
}

/// Whether a text says what a title says, in similar words.
enum SaidAlready {
    private static let share = 0.6

    static func holds(_ text: String, _ title: String) -> Bool {
        let (said, wanted) = (RememberedFinding.words(text), RememberedFinding.words(title))
        return !wanted.isEmpty && Double(said.intersection(wanted).count) / Double(wanted.count) >= share
    }
}
