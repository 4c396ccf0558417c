import Text

/// The commit in place of a tag, which keeps its name as a comment.
enum PinFixer: WorkflowFixer {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport) {
        for job in file.workflow.jobs {
            for uses in job.steps.compactMap(\.uses) + [job.call?.uses].compactMap({ $0 }) where !uses.hasExpression {
                guard let reference = ActionReference(uses.value), !reference.isPinned else { continue }
                propose(uses, reference, file, knowledge, &report)
            }
        }
    }

    private static func propose(
        _ uses: SourceText, _ reference: ActionReference, _ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport
    ) {
        let rule = UnpinnedUsesRule.id
        guard let release = knowledge.release("\(reference.owner)/\(reference.repository)", reference.ref) else {
            let isBranch = reference.major == nil
            report.leave(
                rule, uses.mark,
                isBranch
                    ? "'\(reference.ref)' is no version; choose a release of \(reference.owner)/\(reference.repository) first"
                    : "the commit behind '\(uses.value)' is not known here; '--resolve' asks the forge")
            return
        }
        guard let place = file.place(of: uses) else {
            return report.leave(rule, uses.mark, "the value comes through an alias or holds escapes")
        }
        let rest = file.scalars(ofLine: place.line).dropFirst(uses.node.end.column - 1)
        let tail = rest.drop { $0 == " " || $0 == "\t" }
        guard uses.node.end.line == place.line, tail.isEmpty || tail.first == "#" && tail.count < rest.count else {
            return report.leave(rule, uses.mark, "something follows on the line, so the version cannot be noted as a comment")
        }
        let columns = (place.columns.upperBound - reference.ref.unicodeScalars.count)..<place.columns.upperBound
        let end = uses.node.end.column - 1
        // The tag as the comment; what stood there is kept behind it unless it said the same.
        let old = String(String.UnicodeScalarView(tail))
        let says = old.dropFirst().split(separator: " ").first.map(String.init)
        let isOld = says == reference.ref || says == release.tag
        let comment = FileEdit.Replacement(
            line: place.line, columns: isOld ? end..<(end + rest.count) : end..<end, text: " # \(release.tag)")
        report.fix(
            rule, uses.mark, "\(reference.name) is named by the commit of \(release.tag)",
            FileEdit(replacements: [.init(line: place.line, columns: columns, text: release.commit), comment]))
    }
}
