import Basics

extension FileDiff {
    /// The same diff with every line's text replaced: for taking credentials out of what is kept.
    package func mapTexts(_ transform: (String) -> String) -> FileDiff {
        var copy = self
        for hunk in copy.hunks.indices {
            copy.hunks[hunk].lines = copy.hunks[hunk].lines.map { line in
                DiffLine(
                    kind: line.kind, oldNumber: line.oldNumber, newNumber: line.newNumber, text: UntrustedText(transform(line.text.raw)),
                    hasCarriageReturn: line.hasCarriageReturn, hasNewline: line.hasNewline)
            }
        }
        return copy
    }
}
