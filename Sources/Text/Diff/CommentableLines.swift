/// Where a review comment on one file may stand, by GitHub's rules.
///
/// A line must be in a hunk, on its side; a context line is on both. A range must lie in one hunk and start before it ends.
/// GitHub refuses the whole review with 422 for one comment that breaks this; Gitea takes anything and shows it nowhere.
/// Empty for binary files, pure renames and mode changes.
/// Source: docs.github.com/rest/pulls/comments, "Create a review comment for a pull request"
package struct CommentableLines: Sendable, Hashable {
    package enum Refusal: String, Sendable, Hashable, Error {
        case lineNotInDiff = "the line is not part of the diff"
        case startNotInDiff = "the first line of the range is not part of the diff"
        case startNotBeforeEnd = "the range does not start before it ends"
        case rangeLeavesHunk = "the range reaches over more than one hunk"
    }

    private let oldHunks: [ClosedRange<Int>]
    private let newHunks: [ClosedRange<Int>]

    package init(_ file: FileDiff) {
        oldHunks = file.hunks.compactMap { Self.range($0, .old) }
        newHunks = file.hunks.compactMap { Self.range($0, .new) }
    }

    package func refusal(side: DiffSide, startLine: Int?, line: Int) -> Refusal? {
        let hunks = side == .old ? oldHunks : newHunks
        guard let hunk = hunks.first(where: { $0.contains(line) }) else { return .lineNotInDiff }
        guard let startLine else { return nil }
        if startLine >= line { return .startNotBeforeEnd }
        if hunk.contains(startLine) { return nil }
        return hunks.contains { $0.contains(startLine) } ? .rangeLeavesHunk : .startNotInDiff
    }

    package var isEmpty: Bool { oldHunks.isEmpty && newHunks.isEmpty }

    /// The lines that came, not those the `@@` line promised: a patch may be cut off.
    private static func range(_ hunk: Hunk, _ side: DiffSide) -> ClosedRange<Int>? {
        guard let first = hunk.lines.first(where: { $0.number(on: side) != nil })?.number(on: side),
            let last = hunk.lines.last(where: { $0.number(on: side) != nil })?.number(on: side), 1 <= first, first <= last
        else { return nil }
        return first...last
    }
}
