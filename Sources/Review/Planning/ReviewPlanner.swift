package import Forge
package import Policy
import Basics
import Text

/// Makes of a result what is published on a forge. Pure: the same result and the same past give the same plan.
package struct ReviewPlanner: Sendable {
    /// Where the plan will be published, and under which names.
    package struct Target: Sendable {
        package let commit: CommitID
        /// The check's name, e.g. `fettle / review`.
        package let checkName: String
        package let externalID: String

        package init(commit: CommitID, checkName: String = "fettle / review", externalID: String) {
            self.commit = commit
            self.checkName = checkName
            self.externalID = externalID
        }
    }

    private let settings: ReviewSettings
    private let hygiene: OutputHygiene
    private let sign: @Sendable (String) -> String

    /// `sign` gets a marker's key and gives the whole text of the marker, e.g. with a signature behind the key.
    package init(settings: ReviewSettings, hygiene: OutputHygiene, sign: @escaping @Sendable (String) -> String = { $0 }) {
        self.settings = settings
        self.hygiene = hygiene
        self.sign = sign
    }

    /// `commented`: findings whose comments on their files are posted by this run.
    package func plan(
        _ result: ReviewResult, of change: Change, for target: Target, after previous: PreviousReview = PreviousReview(),
        commented: Set<Fingerprint> = []
    ) -> ReviewPlan {
        let recognised = previous.recognised(result.placements, in: change)
        let placements = zip(result.placements, recognised).map { Self.remembering($0, $1.state) }
        var result = result
        result.placements = placements
        let outcome = PreviousOutcome(previous, recognised: recognised, in: change)
        let writer = ReviewWriting(change: change, result: result, outcome: outcome, commented: commented)
        let comments = placements.compactMap { comment($0, change, writer) }
        let summary = hygiene.publish(writer.summary + .marker(sign(ReviewMarker.summary)))
        let body = hygiene.publish(writer.reviewBody(commentCount: comments.count))
        return ReviewPlan(
            review: comments.isEmpty ? nil : ReviewDraft(commit: target.commit, body: body, comments: comments),
            fileComments: fileComments(placements, change, writer), summary: summary,
            check: check(result, change, target, writer), placements: placements, fixed: outcome.fixed)
    }

    private static func remembering(_ placement: Placement, _ state: RememberedFinding.State?) -> Placement {
        var placement = placement
        switch state {
        case .resolved:
            placement.disposition = .suppressed
            placement.reason = "its thread was resolved"
        case .dismissed:
            placement.disposition = .suppressed
            placement.reason = "dismissed earlier"
        case .posted where placement.disposition == .inline || placement.disposition == .file:
            placement.disposition = .suppressed
            placement.reason = PlacementReason.alreadyPosted
        case .posted, nil: break
        }
        return placement
    }

    private func comment(_ placement: Placement, _ change: Change, _ writer: ReviewWriting) -> ReviewDraft.Comment? {
        guard placement.disposition == .inline, case .lines(let file, let side, let lines) = placement.anchor else { return nil }
        let mark = Markdown.marker(sign(ReviewMarker.finding(placement.fingerprint)))
        return ReviewDraft.Comment(
            path: change.files[file].path, side: side, startLine: lines.count > 1 ? lines.lowerBound : nil, line: lines.upperBound,
            body: hygiene.publish(writer.comment(placement) + mark, limit: .kibibytes(16)))
    }

    /// Below this a line in the summary is enough: each comment on a file is a message of its own to everybody who watches.
    private static let leastForFile = Severity.high

    private func fileComments(_ placements: [Placement], _ change: Change, _ writer: ReviewWriting) -> [ReviewPlan.FileComment] {
        let heavy = placements.filter { $0.disposition == .file && $0.finding.severity >= Self.leastForFile }
        return heavy.sorted { $0.finding.severity > $1.finding.severity }.compactMap { placement in
            guard let file = placement.anchor.file else { return nil }
            let mark = Markdown.marker(sign(ReviewMarker.finding(placement.fingerprint)))
            return ReviewPlan.FileComment(
                path: change.files[file].path, body: hygiene.publish(writer.comment(placement) + mark, limit: .kibibytes(16)),
                fingerprint: placement.fingerprint)
        }
    }

    // MARK: The check

    private func check(_ result: ReviewResult, _ change: Change, _ target: Target, _ writer: ReviewWriting) -> CheckDraft {
        CheckDraft(
            name: target.checkName, commit: target.commit, status: .completed(conclusion(result)),
            title: hygiene.publishPlain(UntrustedText(writer.title), limit: 200), summary: hygiene.publish(writer.summary),
            annotations: annotations(result, change), externalID: target.externalID)
    }

    private func conclusion(_ result: ReviewResult) -> CheckDraft.Conclusion {
        let standing = result.placements.filter { $0.disposition != .suppressed || $0.reason == PlacementReason.alreadyPosted }
        if let failOn = settings.failOn, standing.contains(where: { $0.finding.severity >= failOn }) { return .failure }
        // Neutral blocks nothing, and a green mark is not set beside something that a person should look at.
        if standing.contains(where: { $0.finding.severity >= .medium }) { return .neutral }
        switch result.status {
        case .complete: return .success
        case .failed: return .neutral
        case .partial: return result.coverage.share >= settings.coverageThreshold && result.problems.isEmpty ? .success : .neutral
        }
    }

    /// The most severe first: forges show only so many.
    private func annotations(_ result: ReviewResult, _ change: Change) -> [CheckDraft.Annotation] {
        let shown = result.placements.filter { $0.disposition != .suppressed }.sorted { $0.finding.severity > $1.finding.severity }
        return shown.compactMap { placement in
            guard case .lines(let file, .new, let lines) = placement.anchor else { return nil }
            let finding = placement.finding
            let level: CheckDraft.Annotation.Level =
                switch finding.severity {
                case .critical, .high: .failure
                case .medium: .warning
                case .low, .info: .notice
                }
            return CheckDraft.Annotation(
                path: change.files[file].path, startLine: lines.lowerBound, endLine: lines.upperBound, level: level,
                title: hygiene.publishPlain(finding.title, limit: 250), message: hygiene.publishPlain(finding.body, limit: .kibibytes(8)))
        }
    }
}
