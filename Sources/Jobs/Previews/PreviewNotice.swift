import Basics
import Forge
import Policy
import Previews

/// What is to be said of a preview. Pure: the same record is always told alike.
struct PreviewNotice: Sendable {
    struct Check: Sendable {
        let head: CommitID
        let conclusion: CheckDraft.Conclusion
        let title: String
        let summary: Markdown
    }

    private let record: PreviewRecord
    private let facts: PreviewFacts
    private let reading: PreviewSettingsReading

    init(_ record: PreviewRecord, facts: PreviewFacts, reading: PreviewSettingsReading) {
        self.record = record
        self.facts = facts
        self.reading = reading
    }

    private var preview: Preview { record.preview }
    private var isMisconfigured: Bool {
        facts.isOpen && (!reading.faults.isEmpty || reading.settings.map { $0.driver != .workflow } == true)
    }

    /// `nil` while nothing is decided that a reader should know.
    var check: Check? {
        switch preview.phase {
        case .running:
            guard let head = preview.deployed, let address = preview.address else { return nil }
            return Check(
                head: head, conclusion: .success, title: "The preview runs",
                summary: Markdown.lines(["It answers at \(code: UntrustedText(address))."]))
        case .failed:
            guard let head = preview.deployed, let failure = preview.failure else { return nil }
            return Check(head: head, conclusion: .failure, title: failure.cause, summary: Self.explanation(failure))
        case .waitingForApproval:
            guard let head = preview.head else { return nil }
            let text: Markdown =
                "This head comes from a fork. Somebody who may write here reads the change and comments \(code: UntrustedText("/preview approve \(head)")); a new push needs a new approval."
            return Check(head: head, conclusion: .neutral, title: "Waiting for approval", summary: text)
        case .waitingForRoom:
            guard let head = preview.head else { return nil }
            let text: Markdown =
                "As many previews of this repository run as may. It comes up by itself when one goes: close a pull request, or comment \(code: "/preview stop") on one."
            return Check(head: head, conclusion: .neutral, title: "Waiting for room: \(preview.because)", summary: text)
        case .absent, .expired:
            guard isMisconfigured,
                preview.because.hasPrefix("the operator") || !reading.faults.isEmpty || preview.because.hasPrefix("no database")
            else { return nil }
            let text: Markdown = "No preview: \(UntrustedText(preview.because))."
            return Check(head: facts.head, conclusion: .neutral, title: "No preview", summary: text)
        case .starting, .stopping: return nil
        }
    }

    /// Deployments show themselves; where a forge has none, a comment does it.
    func wantsComment(on forge: ForgeKind) -> Bool {
        let wishes = reading.settings ?? record.settings
        return preview.phase != .absent && wishes?.comments ?? (forge == .gitea)
    }

    /// `nil` while a text would only say that something is under way.
    var comment: Markdown? {
        switch preview.phase {
        case .running:
            guard let head = preview.deployed, let address = preview.address else { return nil }
            let until = preview.expiresAt.map { " It goes when nothing is pushed until \($0.iso8601)." } ?? ""
            return "**Preview** of \(code: UntrustedText(head.short)): \(code: UntrustedText(address)).\(word: until)"
        case .failed:
            guard let head = preview.deployed, let failure = preview.failure else { return nil }
            return "**Preview** of \(code: UntrustedText(head.short)) did not come up." + Self.explanation(failure)
        case .waitingForApproval, .waitingForRoom:
            return check.map { "**Preview**: \(word: $0.title)." + $0.summary }
        case .absent, .expired:
            return record.preview.generation > 0 ? "**Preview** is gone: \(UntrustedText(preview.because))." : nil
        case .starting, .stopping: return nil
        }
    }

    private static func explanation(_ failure: PreviewFailure) -> Markdown {
        let words: Markdown = "\(UntrustedText(failure.cause)) \(UntrustedText(failure.nextStep))"
        return failure.excerpt.isEmpty ? words : words + Markdown.fence(failure.excerpt)
    }
}
