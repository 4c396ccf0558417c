import Basics
import Forge
import Generators
import Policy

/// What a proposal says of itself: the files, how they were checked, the reasons, and what the owner's own workflows risk.
struct SetupText: Sendable {
    let hygiene: OutputHygiene

    private static let mostFacts = 60

    func title(_ proposal: SetupProposal) -> PublishableText {
        let isNew = proposal.files.contains(where: \.isNew)
        return hygiene.publishPlain(
            UntrustedText(isNew ? "Set up CI from what this repository says" : "Bring the generated CI files up to date"))
    }

    func message(_ proposal: SetupProposal) -> PublishableText {
        hygiene.publishPlain(UntrustedText("Generate \(proposal.files.map(\.path).joined(separator: ", "))"), limit: .kibibytes(1))
    }

    func body(_ proposal: SetupProposal, mark: String?) -> PublishableText {
        var text: Markdown =
            "Fettle read this repository without executing anything of it, and proposes these files. Nothing is merged without you."
        text += .table(
            [["File", "", "Checked"]]
                + proposal.files.map { file in
                    [
                        "\(code: UntrustedText(file.path))", file.isNew ? "new" : "changed",
                        "\(UntrustedText(file.checks.joined(separator: "; ")))",
                    ]
                })
        text += "A second run over the result changes nothing. Blocks you edit are kept; `/generate` renews this pull request."
        text += reasons(proposal)
        if !proposal.notes.isEmpty {
            text += "### Worth knowing"
            text += .lines(proposal.notes.prefix(20).map { "- \(UntrustedText($0))" })
        }
        text += risks(proposal)
        if let mark { text += .marker(mark) }
        return hygiene.publish(text)
    }

    private func reasons(_ proposal: SetupProposal) -> Markdown {
        let facts = RepositoryFact.all(of: proposal.model)
        if facts.isEmpty { return Markdown() }
        var text: Markdown = "### Why"
        text += .table(
            [["Where", "What", "Value", "Because"]]
                + facts.prefix(Self.mostFacts).map { fact in
                    [
                        "\(code: UntrustedText(fact.place))", "\(word: fact.field)", "\(code: UntrustedText(fact.value))",
                        "\(code: UntrustedText(fact.because.description))",
                    ]
                })
        if facts.count > Self.mostFacts { text += "\(facts.count - Self.mostFacts) more facts: `fettle generate report --repo .`" }
        return text
    }

    private func risks(_ proposal: SetupProposal) -> Markdown {
        if proposal.risks.isEmpty, proposal.patches.isEmpty { return Markdown() }
        var text: Markdown = "### Your existing workflows"
        text += "They are left alone. What `fettle verify workflow` says of them, with what to write instead:"
        text += .lines(
            proposal.risks.prefix(SetupProposal.mostRisks).map { risk in
                "- \(code: UntrustedText("\(risk.path):\(risk.line)")) \(word: risk.rule): \(UntrustedText(String(risk.message.prefix(400))))"
            })
        let more = proposal.risks.count - SetupProposal.mostRisks
        if more > 0 { text += "and \(more) more." }
        return text + patches(proposal)
    }

    private static let mostPatchBytes = 12_000

    /// Patches are whole or left out: half of one does not apply.
    private func patches(_ proposal: SetupProposal) -> Markdown {
        if proposal.patches.isEmpty { return Markdown() }
        var text: Markdown = "#### Proposed changes to them"
        text += """
            Apply what you agree with by `git apply`; `fettle verify workflow --fix` writes the same into the files, and with `--resolve` \
            it pins tags whose commits are not known here.
            """
        var room = Self.mostPatchBytes
        var left: [String] = []
        for patch in proposal.patches {
            guard patch.diff.utf8.count <= room else {
                left.append(patch.path)
                continue
            }
            room -= patch.diff.utf8.count
            let changes = patch.changes.prefix(5).joined(separator: "; ") + (patch.changes.count > 5 ? "; …" : "")
            text += "\(code: UntrustedText(patch.path)) \(UntrustedText(changes))"
            text += .fence(UntrustedText(patch.diff), language: "diff")
        }
        if !left.isEmpty { text += "Too long to show here: \(UntrustedText(left.joined(separator: ", ")))." }
        return text
    }

    // MARK: Answers to who asked

    func answer(_ outcome: SetupOutcome, site: String, repository: RepositoryReference) -> Markdown {
        switch outcome {
        case .proposed(let number, let files):
            let head: Markdown =
                WebAddress.issue(number, in: repository.name, site: site).map { "Proposed in \(link: "pull request \(number)", to: $0):" }
                ?? "Proposed in #\(number):"
            return head + .lines(files.map { "- \(code: UntrustedText($0))" })
        case .upToDate: return "The generated files are up to date: nothing to propose."
        case .nothing(let notes):
            return ("There is nothing to generate here." as Markdown) + .lines(notes.prefix(10).map { "- \(UntrustedText($0))" })
        case .conflicts(let conflicts):
            return ("The evidence allows no safe choice, so nothing is proposed:" as Markdown)
                + .lines(
                    conflicts.prefix(10).map { conflict in
                        let because = conflict.evidence.map(\.description).joined(separator: ", ")
                        return "- \(word: conflict.field): \(UntrustedText(conflict.message)) (because: \(code: UntrustedText(because)))"
                    })
        case .refused(let reason):
            return """
                The forge refused the proposal: \(UntrustedText(reason)). A pull request of ours needs `contents: write`, \
                `pull_requests: write` and, for files beneath `.github/workflows`, `workflows: write`. An owner grants them in the App's \
                settings and accepts them for this installation; a token needs the scopes `repo` and `workflow` (Gitea: \
                `write:repository`). Until then `fettle generate workflow --repo .` writes the same files locally.
                """
        case .leftAlone(let reason): return "\(UntrustedText(reason))"
        }
    }
}
