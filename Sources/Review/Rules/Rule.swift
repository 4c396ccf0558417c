package import Basics
package import Text

/// A check that needs no model. Pure, quick, quiet: it speaks about lines the change added, and prefers a miss to a false alarm.
package protocol Rule: Sendable {
    /// Stable, e.g. `committed-secret`; users name it to switch it off.
    var id: String { get }
    var severity: Severity { get }
    var category: Category { get }
    /// One sentence for `docs/rules.md`: what it finds.
    var finds: String { get }
    /// Why it matters, for the reader of a finding.
    var why: String { get }
    /// What to do.
    var fix: String { get }

    func hits(in change: Change) -> [RuleHit]
}

/// Where a rule strikes, and what is particular about it there.
package struct RuleHit: Sendable, Hashable {
    package let path: UntrustedText
    package let target: Finding.Target
    package let side: DiffSide
    /// Completes the title for this place; may repeat what stands in the file.
    package let title: UntrustedText
    package let severity: Severity?

    package init(path: UntrustedText, target: Finding.Target, side: DiffSide = .new, title: UntrustedText, severity: Severity? = nil) {
        self.path = path
        self.target = target
        self.side = side
        self.title = title
        self.severity = severity
    }

    init(_ line: AddedLine, title: String, severity: Severity? = nil) {
        self.init(path: line.path, target: .lines(line.number...line.number), title: UntrustedText(title), severity: severity)
    }
}

extension Rule {
    /// The hits as findings.
    package func findings(in change: Change) -> [Finding] {
        hits(in: change).map { hit in
            Finding(
                path: hit.path, side: hit.side, target: hit.target, severity: hit.severity ?? severity, category: category,
                title: hit.title,
                body: UntrustedText("\(why)\n\n\(fix)"), source: .rule(id: id))
        }
    }
}

/// A line that the change added.
struct AddedLine {
    let path: UntrustedText
    let number: Int
    let text: String
}

extension Change {
    /// Every added line of every text file.
    func forEachAddedLine(where isWanted: (Change.File) -> Bool = { _ in true }, _ body: (AddedLine) -> Void) {
        for file in files where isWanted(file) {
            for hunk in file.diff.hunks {
                for line in hunk.lines where line.kind == .added {
                    guard let number = line.newNumber else { continue }
                    body(AddedLine(path: file.diff.path, number: number, text: line.text.raw))
                }
            }
        }
    }
}
