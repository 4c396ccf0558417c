import Basics
package import Forge
package import LLM
package import Policy
package import Review
import Storage

/// Reviews one pull request at its current head: load → decide → gate → effects.
///
/// On a first review it makes at most eight calls to the forge beside those for tokens and identity.
package struct ReviewPullRequest: JobHandler {
    package let kind = ReviewRequest.kind
    private let forges: any ForgeAccess
    private let model: (any LanguageModel)?
    private let settings: ReviewSettings
    private let redactor: Redactor
    private let marker: EffectMarker?

    /// - Parameter marker: `nil` where no database keeps a key: our own identity alone then tells our comments.
    package init(
        forges: any ForgeAccess, model: (any LanguageModel)?, settings: ReviewSettings, redactor: Redactor, marker: EffectMarker?
    ) {
        self.forges = forges
        self.model = model
        self.settings = settings
        self.redactor = redactor
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request: ReviewRequest
        do { request = try job.payload.decoded(as: ReviewRequest.self) } catch {
            throw JobFailure(reason: error.description, retry: .never)
        }
        let client = try await forges.client(for: request.pullRequest.repository)
        let pull = try await client.pullRequest(request.pullRequest)
        let publication = ReviewPublication(
            client: client, job: job, pull: pull, hygiene: OutputHygiene(redactor: redactor),
            marks: ReviewMarks(marker: marker, pullRequest: pull.reference), checkID: { marker?.code(for: $0) ?? $0 })
        try await publication.closeOvertakenChecks()
        if let reason = try await reasonToSkip(pull, request, job) {
            try await job.audit("review.skipped", subject: publication.key.pullRequest, detail: ["because": .string(reason)])
            return .done
        }
        try await review(pull, publication, job)
        return .done
    }

    private func reasonToSkip(_ pull: PullRequest, _ request: ReviewRequest, _ job: JobContext) async throws -> String? {
        if pull.state != .open { return "the pull request is \(pull.state.rawValue)" }
        if request.isAskedFor { return nil }
        if pull.isDraft { return "a draft is reviewed when it is ready, or when asked for" }
        let key = ReviewRecords.Key(pull)
        let state = try await job.read { try ReviewRecords.state(of: key, in: $0) }
        return state == .finished ? "this head was reviewed" : nil
    }

    private func review(_ pull: PullRequest, _ publication: ReviewPublication, _ job: JobContext) async throws {
        let check = try await publication.begin()
        do {
            let change = try await ChangeLoader(client: publication.client).load(pull)
            let posted = try await publication.posted()
            let result = await ReviewEngine(settings: settings, redactor: redactor, random: job.random).review(change, model: model)
            try Task.checkCancellation()
            try await recordSpend(result, pull, job)
            let planner = ReviewPlanner(settings: settings, hygiene: publication.hygiene, sign: publication.marks.sign)
            let target = ReviewPlanner.Target(commit: pull.head.commit, checkName: ReviewCheck.name, externalID: publication.externalID)
            let plan = try await publish(planner, result, change, target, posted, publication)
            try await publication.finish(plan, check: check, result: result, after: posted)
        } catch {
            try await publication.giveUp(check: check, because: error)
            throw error
        }
    }

    /// Posts the comments. When the forge refuses one it refuses all; then every finding is told in the summary, and nothing is lost.
    private func publish(
        _ planner: ReviewPlanner, _ result: ReviewResult, _ change: Change, _ target: ReviewPlanner.Target,
        _ posted: ReviewPublication.Posted, _ publication: ReviewPublication
    ) async throws -> ReviewPlan {
        let previous = PreviousReview(posted: posted.fingerprints)
        let plan = planner.plan(result, of: change, for: target, after: previous)
        guard let draft = plan.review else { return plan }
        if posted.isOwnReviewThere {
            let rest = result.withoutLineComments(except: posted.fingerprints, because: "found again after the comments were posted")
            return planner.plan(rest, of: change, for: target, after: previous)
        }
        do {
            try await publication.post(draft, of: plan)
            return plan
        } catch ForgeError.refused(_, let reason) {
            return planner.plan(
                result.withoutLineComments(because: "the forge refused comments on lines: \(reason)"), of: change, for: target,
                after: previous)
        }
    }

    private func recordSpend(_ result: ReviewResult, _ pull: PullRequest, _ job: JobContext) async throws {
        guard result.usage.requests > 0 else { return }
        try await job.record(
            Spend(
                repository: pull.reference.repository.name.description, model: result.model ?? "unknown",
                promptTokens: result.usage.tokens.input, completionTokens: result.usage.tokens.output, cost: .zero))
    }
}

extension ReviewResult {
    /// The same findings, told in the summary only.
    fileprivate func withoutLineComments(except posted: Set<Fingerprint> = [], because reason: String) -> ReviewResult {
        var result = self
        for index in result.placements.indices
        where result.placements[index].disposition == .inline && !posted.contains(result.placements[index].fingerprint) {
            result.placements[index].disposition = .summary
            result.placements[index].reason = reason
        }
        return result
    }
}
