package import Basics
import Forge
import LLM
package import Policy
import Text

/// Everything that one run's outcome hangs on, so that it can be had again byte for byte, offline.
///
/// Texts in it went through redaction: a bundle holds no credential that we know how to recognise. It does hold code; how long it is
/// kept is the operator's setting.
package struct ReviewBundle: Sendable, Codable {
    package static let currentVersion = 2

    package let version: Int
    package let change: Change
    package let settings: ReviewSettings
    /// Of rules and other tools. Kept, because the rules would not find in the redacted change what they found in the real one.
    package let findings: [Finding]
    package let models: Models
    /// Fingerprints and remembered findings of earlier runs.
    package let previous: PreviousReview
    /// Under which names and marks it was published; `nil` when it was not.
    package var publication: Publication?

    /// Who was asked, and what was answered.
    package struct Models: Sendable, Codable {
        struct Reader: Sendable, Codable {
            let name: String
            let contextWindow: TokenCount
            let longestAnswer: TokenCount
            let exchanges: [ModelExchange]

            init(_ model: RecordedModel) {
                name = model.profile.name
                contextWindow = model.profile.contextWindow
                longestAnswer = model.profile.longestAnswer
                exchanges = model.exchanges
            }

            var replayed: ReplayedModel {
                ReplayedModel(
                    profile: ModelProfile(name: name, contextWindow: contextWindow, longestAnswer: longestAnswer), exchanges: exchanges)
            }
        }

        let main: Reader?
        let refuter: Reader?

        package init(main: RecordedModel?, refuter: RecordedModel? = nil) {
            self.main = main.map { Reader($0) }
            self.refuter = refuter.map { Reader($0) }
        }
    }

    package struct Publication: Sendable, Codable {
        package let commit: String
        package let checkName: String
        package let externalID: String
        package let notes: [String]
        package let cost: USD?
        /// Names of marks, and their texts as they were signed.
        package var marks: [String: String] = [:]
        /// What the forge would not take on its line, and why.
        package var refused: [Fingerprint: String] = [:]
        /// Findings that got a comment on their file.
        package var commented: Set<Fingerprint>?

        package init(commit: String, checkName: String, externalID: String, notes: [String], cost: USD?) {
            self.commit = commit
            self.checkName = checkName
            self.externalID = externalID
            self.notes = notes
            self.cost = cost
        }
    }

    /// The exchanges of `models` must be complete: the run is over.
    package init(
        change: Change, settings: ReviewSettings, findings: [Finding], models: Models, previous: PreviousReview = PreviousReview(),
        redactor: Redactor
    ) {
        version = Self.currentVersion
        self.change = change.redacted(redactor)
        self.settings = settings
        self.findings = findings
        self.models = models
        self.previous = previous
    }

    /// The run again, from the record alone.
    package func replay(redactor: Redactor) async -> ReviewResult {
        let engine = ReviewEngine(settings: settings, rules: [], redactor: redactor)
        var result = await engine.review(change, model: models.main?.replayed, others: findings, refuter: models.refuter?.replayed)
        result.notes = publication?.notes ?? []
        result.usage.cost = publication?.cost
        return result
    }

    /// What was published, byte for byte; `nil` for a run that published nothing.
    package func replayedPlan(redactor: Redactor) async -> ReviewPlan? {
        guard let publication, let commit = CommitID(publication.commit) else { return nil }
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: redactor)) { publication.marks[$0] ?? $0 }
        let target = ReviewPlanner.Target(commit: commit, checkName: publication.checkName, externalID: publication.externalID)
        let result = await replay(redactor: redactor)
        let commented = publication.commented ?? []
        var plan = planner.plan(
            result.withoutLineComments(publication.refused), of: change, for: target, after: previous, commented: commented)
        plan.fileComments.removeAll { !commented.contains($0.fingerprint) }
        return plan
    }

    /// Reads one; throws when it is of another version or no bundle.
    package static func read(_ bytes: [UInt8]) throws(JSONError) -> ReviewBundle {
        try JSONValue(parsing: bytes).decoded(as: ReviewBundle.self)
    }
}

extension Change {
    /// The same change with credentials taken out of every text.
    func redacted(_ redactor: Redactor) -> Change {
        var copy = self
        copy.title = UntrustedText(redactor.redact(title.raw).text)
        copy.body = UntrustedText(redactor.redact(body.raw).text)
        for index in copy.linkedIssues.indices {
            copy.linkedIssues[index].title = UntrustedText(redactor.redact(linkedIssues[index].title.raw).text)
            copy.linkedIssues[index].body = UntrustedText(redactor.redact(linkedIssues[index].body.raw).text)
        }
        copy.annotations = annotations?.map { annotation in
            var annotation = annotation
            annotation.title = UntrustedText(redactor.redact(annotation.title.raw).text)
            annotation.message = UntrustedText(redactor.redact(annotation.message.raw).text)
            return annotation
        }
        for index in copy.files.indices {
            copy.files[index].diff = copy.files[index].diff.mapTexts { redactor.redact($0).text }
            copy.files[index].headText = copy.files[index].headText.map { UntrustedText(redactor.redact($0.raw).text) }
        }
        return copy
    }
}
