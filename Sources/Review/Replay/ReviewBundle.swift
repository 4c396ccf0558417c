package import Basics
import LLM
package import Policy
import Text

/// Everything that one run's outcome hangs on, so that it can be had again byte for byte, offline.
///
/// Texts in it went through redaction: a bundle holds no credential that we know how to recognise. It does hold code; how long it is
/// kept is the operator's setting.
package struct ReviewBundle: Sendable, Codable {
    package static let currentVersion = 1

    package let version: Int
    package let change: Change
    package let settings: ReviewSettings
    /// Of rules and other tools. Kept, because the rules would not find in the redacted change what they found in the real one.
    package let findings: [Finding]
    package let model: String?
    package let contextWindow: TokenCount
    package let longestAnswer: TokenCount
    package let exchanges: [ModelExchange]
    /// Fingerprints and remembered findings of earlier runs.
    package let previous: PreviousReview

    package init(
        change: Change, settings: ReviewSettings, findings: [Finding], recorded: RecordedModel?,
        previous: PreviousReview = PreviousReview(),
        redactor: Redactor
    ) {
        version = Self.currentVersion
        self.change = change.redacted(redactor)
        self.settings = settings
        self.findings = findings
        model = recorded?.profile.name
        contextWindow = recorded?.profile.contextWindow ?? 0
        longestAnswer = recorded?.profile.longestAnswer ?? 0
        exchanges = recorded?.exchanges ?? []
        self.previous = previous
    }

    /// The run again, from the record alone.
    package func replay(redactor: Redactor) async -> ReviewResult {
        await ReviewEngine(settings: settings, rules: [], redactor: redactor).review(change, model: replayedModel, others: findings)
    }

    /// The model to review with again: it answers from the record and asks nobody.
    package var replayedModel: ReplayedModel? {
        model.map {
            ReplayedModel(profile: ModelProfile(name: $0, contextWindow: contextWindow, longestAnswer: longestAnswer), exchanges: exchanges)
        }
    }
}

extension Change {
    /// The same change with credentials taken out of every text.
    func redacted(_ redactor: Redactor) -> Change {
        var copy = self
        copy.title = UntrustedText(redactor.redact(title.raw).text)
        copy.body = UntrustedText(redactor.redact(body.raw).text)
        for index in copy.files.indices {
            copy.files[index].diff = copy.files[index].diff.mapTexts { redactor.redact($0).text }
            copy.files[index].headText = copy.files[index].headText.map { UntrustedText(redactor.redact($0.raw).text) }
        }
        return copy
    }
}
