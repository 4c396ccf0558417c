import Text

/// `persist-credentials: false` for checkouts after which nothing is pushed or fetched.
enum CredentialsFixer: WorkflowFixer {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport) {
        for job in file.workflow.jobs {
            // The next step that may need the token, known from behind: a file may have very many steps.
            var signs: [String?] = Array(repeating: nil, count: job.steps.count + 1)
            for index in job.steps.indices.reversed() { signs[index] = sign(job.steps[index]) ?? signs[index + 1] }
            for (index, step) in job.steps.enumerated() {
                guard let uses = step.uses, ActionReference(uses.value)?.name.lowercased() == "actions/checkout" else { continue }
                guard step.input("persist-credentials") == nil else { continue }
                let rule = PersistedCredentialsRule.id
                if let sign = signs[index + 1] {
                    report.leave(rule, uses.mark, "a later step may need the token in .git/config: \(sign)")
                } else if let edit = edit(step, uses, file) {
                    report.fix(
                        rule, uses.mark, "the checkout leaves no token behind; nothing later in the job was seen to push or fetch", edit)
                } else {
                    report.leave(rule, uses.mark, "the step is written in flow style or through an alias")
                }
            }
        }
    }

    private static func edit(_ step: WorkflowStep, _ uses: SourceText, _ file: LintedWorkflow) -> FileEdit? {
        let line = "persist-credentials: false"
        if let first = step.with.first {
            guard file.startsItsLine(first.name.mark) else { return nil }
            return file.insertion(of: [line], before: first.name.mark)
        }
        guard step.withMark == nil, let key = step.usesKey, file.place(of: uses) != nil, uses.node.end.line == key.line else { return nil }
        let before = file.scalars(ofLine: key.line).prefix(max(0, key.column - 1))
        guard before.allSatisfy({ $0 == " " || $0 == "-" }) else { return nil }
        let indent = String(repeating: " ", count: max(0, key.column - 1))
        return FileEdit(insertions: [.init(after: key.line, lines: [indent + "with:", indent + "  " + line])])
    }

    private static func sign(_ step: WorkflowStep) -> String? {
        let commands = [
            "git push", "git fetch", "git pull", "git submodule", "git lfs", "git clone", "gh-deploy", "semantic-release", "gh ",
        ]
        if let run = step.run?.value, let word = commands.first(where: run.holds) {
            return "'\(word.hasSuffix(" ") ? String(word.dropLast()) : word)' stands in it"
        }
        let words = ["commit", "push", "release", "pages", "deploy", "changeset", "pull-request", "bump", "tag", "pre-commit"]
        if let uses = step.uses?.value.lowercased(), words.contains(where: uses.holds) || uses.hasPrefix("./") { return "'\(uses)'" }
        return nil
    }
}
