import Basics
import Forge
import LLM
import Policy
import Review

/// One review of one head: load → decide → publish → remember.
struct ReviewRun: Sendable {
    let publication: ReviewPublication
    let models: ReviewModels
    let settings: ReviewSettings
    let redactor: Redactor
    /// What the reader should know of the repository's settings.
    let notes: [String]
    let keeping: Duration?

    private var pull: PullRequest { publication.pull }
    private var job: JobContext { publication.job }
    private var repository: String { pull.reference.repository.key }

    func perform() async throws {
        let check = try await publication.begin()
        do {
            try await review(check)
        } catch {
            try await publication.giveUp(check: check, because: error)
            throw error
        }
    }

    private func review(_ check: ReviewPublication.OpenCheck?) async throws {
        let reader = models.model(for: .review, of: repository, job: job).map { RecordedModel($0) }
        let refuter = models.secondReader(for: repository, job: job).map { RecordedModel($0) }
        var (change, settings) = try await load(withContext: reader != nil)
        let posted = try await publication.posted()
        let previous = try await previous(posted)
        if reader != nil, let accepted = AcceptedHere.text(of: previous.remembered) { settings.conventions.append(accepted) }
        let engine = ReviewEngine(settings: settings, redactor: redactor, random: job.random)
        let linted = WorkflowFindings.lint(change, beside: engine.ruleFindings(in: change), disabled: settings.disabledRules)
        var result = await engine.review(change, model: reader, others: linted.findings, refuter: refuter)
        try Task.checkCancellation()
        result.causes = result.causes.map { redactor.redact($0).text }
        result.notes = notes
        if linted.lintedFiles > 0 { result.notes.append(Self.note(linted)) }
        result.usage.cost = try await recordSpend(result)
        var bundle = ReviewBundle(
            change: change, settings: settings, findings: engine.ruleFindings(in: change) + linted.findings,
            models: ReviewBundle.Models(main: reader, refuter: refuter), previous: previous, redactor: redactor)
        bundle.publication = ReviewBundle.Publication(
            commit: pull.head.commit.hex, checkName: ReviewCheck.name, externalID: publication.externalID, notes: result.notes,
            cost: result.usage.cost)
        try await publish(result, of: change, settings: settings, after: previous, posted: posted, check: check, bundle: bundle)
    }

    private func load(withContext: Bool) async throws(ForgeError) -> (Change, ReviewSettings) {
        var change = try await ChangeLoader(client: publication.client).load(pull)
        var settings = settings
        let loader = ReviewContextLoader(client: publication.client, pull: pull)
        change.annotations = try await loader.annotations()
        guard withContext else { return (change, settings) }
        let context = try await loader.load()
        change.linkedIssues = context.issues
        settings.conventions = context.conventions
        return (change, settings)
    }

    private static func note(_ linted: WorkflowFindings.Outcome) -> String {
        let files = linted.lintedFiles == 1 ? "One workflow file was" : "\(linted.lintedFiles) workflow files were"
        let findings = linted.findings.count
        return "\(files) linted: \(findings == 0 ? "nothing" : "\(findings) finding\(findings == 1 ? "" : "s")") on changed lines."
    }

    /// What the forge shows of earlier reviews, and what the database remembers of them.
    private func previous(_ posted: ReviewPublication.Posted) async throws -> PreviousReview {
        let (pullRequest, repository, now) = (publication.key.pullRequest, repository, job.clock.now)
        let (remembered, fixed) = try await job.read { transaction in
            (
                try ReviewMemory.remembered(of: pullRequest, in: repository, at: now, transaction),
                try ReviewMemory.fixed(in: pullRequest, transaction)
            )
        }
        return PreviousReview(posted: posted.fingerprints.subtracting(fixed), remembered: remembered)
    }

    private func publish(
        _ result: ReviewResult, of change: Change, settings: ReviewSettings, after previous: PreviousReview,
        posted: ReviewPublication.Posted, check: ReviewPublication.OpenCheck?, bundle: ReviewBundle
    ) async throws {
        let signer = MarkSigner(publication.marks)
        let planner = ReviewPlanner(settings: settings, hygiene: publication.hygiene, sign: signer.sign)
        let target = ReviewPlanner.Target(commit: pull.head.commit, checkName: ReviewCheck.name, externalID: publication.externalID)
        var result = result
        var refused: [Fingerprint: String] = [:]
        var plan = planner.plan(result, of: change, for: target, after: previous)
        if let draft = plan.review {
            // After a restart only what stands there stays on its line: one job posts one review.
            refused =
                posted.isOwnReviewThere
                ? ReviewPosting.all(of: draft, except: posted.fingerprints, because: "found again after the comments were posted")
                : try await ReviewPosting(publication: publication).post(draft)
            if !refused.isEmpty {
                result = result.withoutLineComments(refused)
                plan = planner.plan(result, of: change, for: target, after: previous)
            }
        }
        let commented = posted.isOwnReviewThere ? [] : try await commentOnFiles(plan, isRefused: !refused.isEmpty)
        if !commented.isEmpty { plan = planner.plan(result, of: change, for: target, after: previous, commented: commented) }
        try await publication.finish(plan, check: check, result: result, after: posted)
        try await remember(plan, commented)
        var bundle = bundle
        bundle.publication?.marks = signer.given
        bundle.publication?.refused = refused
        bundle.publication?.commented = commented.isEmpty ? nil : commented
        try await keep(bundle)
    }

    /// Comments on whole files are a call each, so they are few: a first review has a call for one where it saves another, as when there is
    /// nothing to say of a line.
    private func commentOnFiles(_ plan: ReviewPlan, isRefused: Bool) async throws -> Set<Fingerprint> {
        let isFirst = pull.commentCount == 0 && pull.reviewCommentCount == 0
        let room = isFirst && !isRefused ? (plan.review == nil ? 1 : 0) : 2
        var commented: Set<Fingerprint> = []
        for (number, comment) in plan.fileComments.prefix(room).enumerated() {
            if try await publication.post(comment, number: number) { commented.insert(comment.fingerprint) }
        }
        return commented
    }

    private func remember(_ plan: ReviewPlan, _ commented: Set<Fingerprint>) async throws {
        let (pullRequest, now, redactor) = (publication.key.pullRequest, job.clock.now, redactor)
        let told = plan.placements.filter { $0.disposition == .inline || commented.contains($0.fingerprint) }.map {
            placement -> RememberedFinding in
            var finding = RememberedFinding(placement, state: .posted)
            finding.title = UntrustedText(String(redactor.redact(finding.title.raw).text.prefix(200)))
            return finding
        }
        let fixed = plan.fixed
        try await job.write { try ReviewMemory.remember(told, fixed: fixed, in: pullRequest, at: now, $0) }
    }

    /// Losing the record of a review must not lose the review.
    private func keep(_ bundle: ReviewBundle) async throws {
        guard let keeping else { return }
        let (key, now) = (publication.key, job.clock.now)
        let bytes = JSONValue(encoding: bundle).serialized()
        guard bytes.count <= ReviewBundles.largest.bytes else { return }
        try await job.write { try ReviewBundles.keep(bytes, of: key, at: now, for: keeping, $0) }
    }

    /// What it cost; `nil` when nobody was asked, and when no price is known.
    private func recordSpend(_ result: ReviewResult) async throws -> USD? {
        guard result.usage.requests > 0 else { return nil }
        let model = result.model ?? "unknown"
        let cost = models.prices.cost(result.usage.tokens, model: model, at: job.clock.now)
        try await job.record(
            Spend(
                repository: pull.reference.repository.name.description, model: model, promptTokens: result.usage.tokens.input,
                completionTokens: result.usage.tokens.output, cost: cost ?? .zero))
        return cost
    }
}
