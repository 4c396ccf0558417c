import Basics
import FailureAnalysis
import Forge
package import Policy

/// What people read about an incident.
struct IncidentText: Sendable {
    let hygiene: OutputHygiene
    let marks: FailureMarks

    private static let titleLimit: ByteCount = 200

    func title(_ record: IncidentRecord) -> PublishableText {
        let words = record.account.report.headline?.text.raw ?? "a run failed without naming a cause"
        return hygiene.publishPlain(UntrustedText("CI: \(words)"), limit: Self.titleLimit)
    }

    func body(_ record: IncidentRecord, key: String) -> PublishableText {
        var text = Self.markdown(record.account, classed: record.failureClass)
        text += state(of: record)
        if let fixedBy = record.fixedBy, record.incident.status == .closed {
            text += "Fixed: green again since commit \(code: Self.short(fixedBy))."
        }
        return hygiene.publish(text + .marker(marks.mark(key)))
    }

    func comment(_ comment: IncidentRecord.PendingComment, of record: IncidentRecord, key: String) -> PublishableText {
        let text: Markdown
        switch comment {
        case .repeated(let count):
            text = "Again: \(count) failed runs so far, last in \(Self.link(record.last)) on \(code: record.last.branch)."
        case .fixed(let commit, _): text = "Green again since commit \(code: Self.short(commit))."
        }
        return hygiene.publish(text + .marker(marks.mark(key)))
    }

    /// The one comment on a pull request.
    ///
    /// - Parameter known: incidents of the same causes elsewhere in the repository, by fingerprint.
    func comment(
        on failures: PullFailures, known: [String: IncidentRecord] = [:], address: (Int) -> WebAddress? = { _ in nil }, key: String
    ) -> PublishableText {
        let broken = failures.broken
        guard !broken.isEmpty else {
            return hygiene.publish("**CI**: what was broken here is green again." + .marker(marks.mark(key)))
        }
        var text: Markdown = "**CI**: \(broken.count) \(word: broken.count == 1 ? "job fails" : "jobs fail")."
        for (number, (job, entry)) in broken.enumerated() {
            text += "\(code: UntrustedText(job)) in \(Self.link(entry.run)), commit \(code: Self.short(entry.run.commit)):"
            for account in entry.accounts {
                let elsewhere = known[account.fingerprint]
                let failureClass = elsewhere?.incident.failureClass(stated: account.report.failureClass)
                text +=
                    number < 3
                    ? Self.markdown(account, classed: failureClass)
                    : "\(word: account.report.failureClass.rawValue): \(code: account.report.headline?.text ?? "no line names a cause")"
                if let elsewhere { text += Self.elsewhere(elsewhere, address) }
            }
        }
        return hygiene.publish(text + .marker(marks.mark(key)))
    }

    /// What a pull request's author wants to know first: whether others have this failure too.
    private static func elsewhere(_ record: IncidentRecord, _ address: (Int) -> WebAddress?) -> Markdown {
        var text = Markdown()
        if record.incident.status == .open {
            text = "The same cause fails on \(list(record.incident.branches)) too"
            if let issue = record.issue, let address = address(issue) {
                text = "\(text), see \(link: "issue \(issue)", to: address)"
            }
            text = "\(text)."
        }
        let signs = record.incident.flakySigns.map(\.description).joined(separator: "; ")
        return signs.isEmpty ? text : text + "Known to be flaky: \(word: signs)."
    }

    private func state(of record: IncidentRecord) -> Markdown {
        let incident = record.incident
        var rows: [[Markdown]] = [["What", "Known so far"]]
        rows.append(["failed runs", "\(incident.occurrences)"])
        rows.append(["first seen", "\(word: record.first.at.iso8601) in \(Self.link(record.first))"])
        rows.append([
            "last seen", "\(word: record.last.at.iso8601) in \(Self.link(record.last)), commit \(code: Self.short(record.last.commit))",
        ])
        rows.append(["branches", Self.list(incident.branches)])
        rows.append(["jobs", Self.list(incident.jobs)])
        let signs = incident.flakySigns.map(\.description).joined(separator: "; ")
        if !signs.isEmpty { rows.append(["flaky", "\(word: signs)"]) }
        return .table(rows)
    }

    private static func list(_ names: Set<String>) -> Markdown {
        let shown = names.sorted().prefix(10)
        var text = Markdown()
        for name in shown { text = text.isEmpty ? "\(code: UntrustedText(name))" : "\(text), \(code: UntrustedText(name))" }
        return names.count > shown.count ? "\(text) and \(names.count - shown.count) more" : text
    }

    private static func link(_ occurrence: IncidentRecord.Occurrence) -> Markdown {
        if let address = occurrence.address { return "\(link: occurrence.title, to: address)" }
        return "\(word: occurrence.title)"
    }

    private static func short(_ commit: UntrustedText) -> UntrustedText {
        commit.isEmpty ? "unknown" : UntrustedText(String(commit.raw.prefix(12)))
    }
}

extension FailureAccount {
    /// Everything that is told of the cause, for an issue or a step's summary.
    package var markdown: Markdown { IncidentText.markdown(self) }
}

extension IncidentText {
    fileprivate static func markdown(_ account: FailureAccount, classed failureClass: FailureClass? = nil) -> Markdown {
        var text = account.report.classed(failureClass ?? account.report.failureClass).markdown
        if let explanation = account.explanation { text += markdown(explanation) }
        if !account.suspects.isEmpty { text += "Suspects, the likeliest first:" + .lines(account.suspects.map(markdown)) }
        if !account.owners.isEmpty {
            let owners = account.owners.prefix(5).reduce(Markdown()) { $0.isEmpty ? "\(code: $1)" : "\($0), \(code: $1)" }
            text += "Owners by CODEOWNERS: \(owners)"
        }
        if let nearby = account.nearby, !nearby.isEmpty { text += "Near in time:" + .lines(nearby.map { "- \($0)" }) }
        return text
    }

    private static func markdown(_ explanation: ModelAccount) -> Markdown {
        if let reason = explanation.insufficient {
            return "The model gave no explanation that the log bears out: \(UntrustedText(reason))."
        }
        return Explanation.markdown(rootCause: explanation.rootCause, quotes: explanation.quotes, fix: explanation.fix)
    }

    private static func markdown(_ suspect: SuspectAccount) -> Markdown {
        let author = suspect.author.map { "by \(code: $0)" as Markdown } ?? ""
        let reasons = suspect.reasons.reduce(Markdown()) { $0.isEmpty ? "\($1)" : "\($0); \($1)" }
        return "- \(code: UntrustedText(suspect.commit.short)) \(suspect.subject) \(author): \(reasons)"
    }
}

/// Hidden marks by which our issues and comments are known again.
struct FailureMarks: Sendable {
    private let marker: EffectMarker?

    /// - Parameter marker: `nil` where no database keeps a key: the author alone then tells what is ours.
    init(_ marker: EffectMarker?) {
        self.marker = marker
    }

    func mark(_ key: String) -> String { marker.map { "fettle:\($0.code(for: key))" } ?? "fettle:\(key)" }

    func isIn(_ text: UntrustedText, _ key: String) -> Bool { text.raw.contains("<!-- \(mark(key)) -->") }
}
