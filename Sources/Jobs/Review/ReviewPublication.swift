import Basics
import Forge
import Policy
import Review
import Storage

/// What one review writes to the forge: a check, at most one review, one summary edited in place. Each once, over crashes and repeats.
struct ReviewPublication: Sendable {
    let client: any ForgeClient
    let job: JobContext
    let pull: PullRequest
    let hygiene: OutputHygiene
    let marks: ReviewMarks
    let key: ReviewRecords.Key
    private let checkID: @Sendable (String) -> String

    /// A check of ours on the head; `nil` where we may not write checks.
    struct OpenCheck: Sendable {}

    init(
        client: any ForgeClient, job: JobContext, pull: PullRequest, hygiene: OutputHygiene, marks: ReviewMarks,
        checkID: @escaping @Sendable (String) -> String
    ) {
        self.client = client
        self.job = job
        self.pull = pull
        self.hygiene = hygiene
        self.marks = marks
        self.checkID = checkID
        key = ReviewRecords.Key(pull)
    }

    /// What the forge hands back with our check on the head.
    var externalID: String { checkID(checkKey(pull.head.commit)) }

    private var repository: RepositoryReference { pull.reference.repository }
    private var now: Timestamp { job.clock.now }
    private func checkKey(_ commit: CommitID) -> String { "check:\(key.pullRequest)@\(commit)" }

    // MARK: The check

    /// Notes that a review begins and opens the check, in this order: a crash in between leaves no check nobody knows of.
    func begin() async throws -> OpenCheck? {
        try await record(.begun, hasCheck: true)
        do {
            try await perform(draft(.inProgress, "Reviewing", "The review is under way."), on: pull.head.commit)
            return OpenCheck()
        } catch ForgeError.forbidden {
            // A personal token may not write checks: the review itself still can be posted.
            try await record(.begun, hasCheck: false)
            return nil
        }
    }

    /// Closes checks of heads that are no longer the one to review, or of a pull request that ended.
    func closeOvertakenChecks() async throws {
        let (pullRequest, head) = (key.pullRequest, pull.state == .open ? pull.head.commit : nil)
        let heads = try await job.read { try ReviewRecords.openHeads(of: pullRequest, except: head, in: $0) }
        for overtaken in heads {
            let reason = head == nil ? "The pull request was \(pull.state.rawValue)" : "A newer push came first"
            try await perform(
                draft(.completed(.cancelled), reason, "\(reason); this head was not reviewed to the end.", on: overtaken), on: overtaken)
            let now = now
            try await job.write { try ReviewRecords.overtake(overtaken, of: pullRequest, at: now, in: $0) }
        }
    }

    /// When no further attempt will come, the check says so instead of standing open for ever.
    func giveUp(check: OpenCheck?, because error: any Error) async throws {
        if Task.isCancelled || error is CancellationError || error is JobAction.Refusal { return }
        let isHopeless = (error as? any RetryAdvising)?.retryAdvice == .never
        guard isHopeless || job.isLastAttempt else { return }
        if check != nil {
            let text = "The review could not be finished: \(Self.sentence(for: error)) Use “Re-run” to try again."
            try await perform(draft(.completed(.neutral), "Not reviewed", text), on: pull.head.commit)
        }
        try await record(.failed, hasCheck: check != nil)
    }

    private static func sentence(for error: any Error) -> String {
        switch error {
        case ForgeError.forbidden(_, let needs): "a permission is missing\(needs.map { " (\($0))" } ?? "")."
        case ForgeError.tooLarge: "the change is too large for the forge to give."
        case is ForgeError: "the forge did not give what was needed."
        default: "an internal fault; the server's log says more."
        }
    }

    private func perform(_ draft: CheckDraft, on commit: CommitID) async throws {
        let content =
            "\(draft.status) \(draft.title.text)\n\(draft.summary.text)\n\(draft.annotations.map { "\($0.path):\($0.startLine) \($0.title.text)" })"
        let effect = Effect(stableKey: checkKey(commit), kind: "check", content: content)
        let probe: EffectStore.Probe = {
            try await client.checks(on: commit, in: repository, externalID: draft.externalID).first.map(String.init)
        }
        _ = try await job.effects.perform(effect, probe: probe) { known in
            guard let id = known.flatMap(Int64.init) else { return String(try await client.createCheck(in: repository, draft)) }
            try await client.updateCheck(id, in: repository, draft)
            return String(id)
        }
    }

    private func draft(_ status: CheckDraft.Status, _ title: String, _ text: String, on commit: CommitID? = nil) -> CheckDraft {
        let commit = commit ?? pull.head.commit
        return CheckDraft(
            name: ReviewCheck.name, commit: commit, status: status, title: hygiene.publishPlain(UntrustedText(title)),
            summary: hygiene.publishPlain(UntrustedText(text)), annotations: [], externalID: checkID(checkKey(commit)))
    }

    // MARK: Comments

    /// What our comments tell already.
    struct Posted: Sendable {
        var fingerprints: Set<Fingerprint> = []
        /// This job's own review stands: it posts no second one.
        var isOwnReviewThere = false
    }

    /// One job posts one review, however often it is begun anew and whatever it finds each time; in parts where the forge refuses the whole.
    private var reviewKey: String { "review:\(key.pullRequest)@\(key.head) \(job.job.id)" }

    /// Settles reviews whose answers were lost, then asks what stands there. What we know to be posted counts also while the forge's
    /// list does not show it yet.
    func posted() async throws -> Posted {
        let pullRequest = key.pullRequest
        var posted = Posted()
        for post in try await job.read({ try ReviewPosts.posts(of: pullRequest, in: $0) }) {
            switch post.state {
            case .intended: continue
            case .sending:
                guard try await job.effects.settle(post.stableKey, probe: probe(for: post.fingerprints)) != nil else { continue }
            case .confirmed:
                let isFresh = post.confirmedAt.map { now < $0 + ReviewPosts.lag } ?? false
                guard isFresh || post.stableKey.hasPrefix(reviewKey) else { continue }
            }
            posted.fingerprints.formUnion(post.fingerprints)
            if post.stableKey.hasPrefix(reviewKey) { posted.isOwnReviewThere = true }
        }
        posted.fingerprints.formUnion(marks.posted(in: try await standingComments()))
        return posted
    }

    /// Posts comments as one review.
    ///
    /// - Parameter part: tells the parts of one job's review from each other; empty for the whole.
    func post(_ draft: ReviewDraft, part: String) async throws {
        let content = draft.comments.map { "\($0.path):\($0.side):\($0.line)\n\($0.body.text)" }.joined(separator: "\n")
        let effect = Effect(stableKey: reviewKey + part, kind: "review", content: content)
        let fingerprints = Set(draft.comments.flatMap { ReviewMarker.fingerprints(in: UntrustedText($0.body.text)) })
        let pullRequest = key.pullRequest
        try await job.write { try ReviewPosts.note(fingerprints, as: effect.stableKey, of: pullRequest, in: $0) }
        _ = try await job.effects.perform(effect, probe: probe(for: fingerprints)) { known in
            // A posted review is never changed: its comments stand where they are.
            if let known { return known }
            return String(try await client.createReview(on: pull.reference, draft))
        }
    }

    /// A comment on a file as a whole; `false` when the forge has no such comments or does not take this one.
    ///
    /// - Parameter number: tells the comments of one job from each other.
    func post(_ comment: ReviewPlan.FileComment, number: Int) async throws -> Bool {
        guard let commenter = client as? any FileCommenter else { return false }
        let effect = Effect(stableKey: "\(reviewKey) file \(number)", kind: "review", content: "\(comment.path)\n\(comment.body.text)")
        let (fingerprints, pullRequest): (Set<Fingerprint>, String) = ([comment.fingerprint], key.pullRequest)
        try await job.write { try ReviewPosts.note(fingerprints, as: effect.stableKey, of: pullRequest, in: $0) }
        do {
            _ = try await job.effects.perform(effect, probe: probe(for: fingerprints)) { known in
                if let known { return known }
                return String(
                    try await commenter.createFileComment(on: pull.reference, commit: pull.head.commit, path: comment.path, comment.body))
            }
            return true
        } catch ForgeError.refused {
            return false
        } catch ForgeError.forbidden {
            return false
        }
    }

    /// Comments on lines, ours and others'. Where the forge says that there are none, no list is asked for.
    func standingComments() async throws -> [ForgeReviewComment] {
        try await pull.reviewCommentCount == 0 ? [] : client.reviewComments(on: pull.reference)
    }

    /// Finds any comment of ours that tells one of these: a review is posted whole or not at all.
    private func probe(for fingerprints: Set<Fingerprint>) -> EffectStore.Probe {
        let (client, marks, reference) = (client, marks, pull.reference)
        return {
            let comments = try await client.reviewComments(on: reference)
            return comments.first { !marks.posted(in: [$0]).isDisjoint(with: fingerprints) }.map { "comment \($0.id)" }
        }
    }

    /// Edits the summary, or posts it when there is something to say and none stands there.
    private func summarize(_ plan: ReviewPlan, isSilent: Bool) async throws {
        let stableKey = "summary:\(key.pullRequest)"
        if isSilent, try await job.effects.remoteID(of: stableKey) == nil { return }
        let find: EffectStore.Probe = { try await client.comments(on: pull.reference).first(where: marks.isSummary).map { String($0.id) } }
        let effect = Effect(stableKey: stableKey, kind: "comment", content: plan.summary.text)
        _ = try await job.effects.perform(effect, probe: find) { known in
            // The rows may be younger than the comment: a lost database must not lead to a second one.
            // Where nobody has said anything yet, there is nothing to look for.
            guard let id = try await (known.asyncOr { try await pull.commentCount == 0 ? nil : find() }).flatMap(Int64.init) else {
                return String(try await client.createComment(on: pull.reference, plan.summary))
            }
            try await client.updateComment(id, on: pull.reference, plan.summary)
            return String(id)
        }
    }

    /// Summary, then the check's verdict, then the record that this head is done. Line comments that stand there, of this attempt or of
    /// one that died before its summary, are reason enough for a summary.
    func finish(_ plan: ReviewPlan, check: OpenCheck?, result: ReviewResult, after posted: Posted) async throws {
        let ledger = plan.ledger
        let hasComments = ledger.posted + ledger.demoted > 0 || !posted.fingerprints.isEmpty
        try await summarize(plan, isSilent: !hasComments && result.status == .complete)
        if check != nil { try await perform(plan.check, on: pull.head.commit) }
        let (key, now, id) = (key, now, job.job.id)
        let entry = AuditEntry(
            action: ReviewCheck.auditAction, subject: key.pullRequest, job: id,
            detail: [
                "head": .string(key.head.hex), "status": .string(result.status.rawValue),
                "model": result.model.map { .string($0) } ?? .null,
                "found": .integer(Int64(ledger.found)), "posted": .integer(Int64(ledger.posted)),
                "demoted": .integer(Int64(ledger.demoted)),
                "suppressed": .integer(Int64(ledger.suppressed)),
                "causes": result.causes.isEmpty ? .null : .array(result.causes.map(JSONValue.string)),
            ])
        try await job.write { transaction in
            let state: ReviewRecords.State = result.status == .failed ? .failed : .finished
            try ReviewRecords.set(state, of: key, hasCheck: check != nil, at: now, in: transaction)
            try AuditLog.append(entry, at: now, in: transaction)
        }
    }

    private func record(_ state: ReviewRecords.State, hasCheck: Bool) async throws {
        let (key, now) = (key, now)
        try await job.write { try ReviewRecords.set(state, of: key, hasCheck: hasCheck, at: now, in: $0) }
    }
}

extension Optional {
    fileprivate func asyncOr(_ other: () async throws -> Wrapped?) async rethrows -> Wrapped? {
        if let self { return self }
        return try await other()
    }
}
