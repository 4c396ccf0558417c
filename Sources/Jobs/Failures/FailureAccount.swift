package import Basics
package import FailureAnalysis
package import Forge
package import Policy

/// What is told of one cause: the deterministic report, and what a model and the history add to it. Credentials are taken out.
package struct FailureAccount: Sendable, Hashable, Codable {
    package let report: FailureReport
    package var explanation: ModelAccount?
    package var suspects: [SuspectAccount]
    /// As CODEOWNERS names them; published as code, so that nobody is notified.
    package var owners: [UntrustedText]
    /// What else happened shortly before; `nil` in accounts of older versions.
    package var nearby: [UntrustedText]?

    package var fingerprint: String { report.fingerprint.hex }

    package init(
        _ report: FailureReport, redactor: Redactor, explanation: ModelAccount? = nil, suspects: [SuspectAccount] = [],
        owners: [UntrustedText] = [], nearby: [UntrustedText]? = nil
    ) {
        self.nearby = nearby
        self.report = report.redacted(by: redactor)
        self.explanation = explanation
        self.suspects = suspects
        self.owners = owners
    }
}

/// What a model said, as far as code bore it out.
package struct ModelAccount: Sendable, Hashable, Codable {
    package let summary: UntrustedText
    package let rootCause: UntrustedText
    package let quotes: [UntrustedText]
    /// Nobody has tried it.
    package let fix: UntrustedText?
    /// Why there is no explanation; the other fields are empty then.
    package let insufficient: String?

    package init(_ explanation: Explanation, redactor: Redactor) {
        func clean(_ text: UntrustedText) -> UntrustedText { UntrustedText(String(redactor.redact(text.raw).text.prefix(4000))) }
        summary = clean(explanation.summary)
        rootCause = clean(explanation.rootCause)
        quotes = explanation.evidence.map { clean($0.text) }
        fix = explanation.fix.map(clean)
        if case .insufficientEvidence(let reason) = explanation.status {
            insufficient = redactor.redact(reason).text
        } else {
            insufficient = nil
        }
    }
}

/// A commit that may have brought the failure, and why it is named.
package struct SuspectAccount: Sendable, Hashable, Codable {
    package let commit: CommitID
    package let subject: UntrustedText
    package let author: UntrustedText?
    package let reasons: [UntrustedText]

    package init(commit: CommitID, subject: UntrustedText, author: UntrustedText?, reasons: [UntrustedText]) {
        self.commit = commit
        self.subject = subject
        self.author = author
        self.reasons = reasons
    }
}
