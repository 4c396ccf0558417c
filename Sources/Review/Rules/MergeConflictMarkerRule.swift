import Basics

package struct MergeConflictMarkerRule: Rule {
    package let id = "merge-conflict-marker"
    package let severity = Severity.high
    package let category = Category.bug
    package let finds = "Conflict markers of a merge that was not finished."
    package let why = "The file holds both sides of a merge conflict; it will not parse or will not do what either side meant."
    package let fix = "Resolve the conflict and remove the marker lines."

    package init() {}

    /// `=======` alone is a heading's underline in several formats: it counts only between the other two.
    package func hits(in change: Change) -> [RuleHit] {
        var hits: [RuleHit] = []
        change.forEachAddedLine { line in
            let isMarker =
                ["<<<<<<< ", ">>>>>>> ", "||||||| "].contains { line.text.hasPrefix($0) } || line.text == "<<<<<<<"
                || line.text == ">>>>>>>"
            if isMarker, Self.isLikely(line) { hits.append(RuleHit(line, title: "A merge conflict is not resolved here")) }
        }
        return hits
    }

    /// Mail quotes and nested here-documents write `>>>>>>>` too, in prose.
    private static func isLikely(_ line: AddedLine) -> Bool {
        let name = line.path.raw.lowercased()
        return !line.text.hasPrefix(">") || !(name.hasSuffix(".md") || name.hasSuffix(".txt") || name.hasSuffix(".rst"))
    }
}
