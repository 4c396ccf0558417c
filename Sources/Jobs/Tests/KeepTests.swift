import Basics
package import Forge
package import Policy
import Storage
import TestSelection

/// Learns from what a CI step tells of its tests, and shows it: a check on the commit, and an issue for failures that selections missed.
package struct KeepTests: JobHandler {
    package let kind = TestsRequest.kind
    package static let checkName = "fettle / tests"
    package static let issueLabel = "missed-by-selection"
    private let forges: any ForgeAccess
    private let hygiene: OutputHygiene
    private let marker: EffectMarker?

    /// - Parameter marker: `nil` where no database keeps a key.
    package init(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker?) {
        self.forges = forges
        hygiene = OutputHygiene(redactor: redactor)
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: TestsRequest.self)
        let (learnt, now, id) = (try await learn(request, job), job.clock.now, job.job.id)
        if let commit = learnt.commit { try await showCheck(learnt.state, on: commit, request.repository, job) }
        if !learnt.misses.isEmpty { try await openIssue(learnt.misses, request.repository, job) }
        let entry = AuditEntry(
            action: "tests.kept", subject: TestHistories.key(request.repository), job: id,
            detail: ["title": .string(TestsText.title(learnt.state)), "missed": .integer(Int64(learnt.misses.count))])
        try await job.write { try AuditLog.append(entry, at: now, in: $0) }
        return .done
    }

    // MARK: Learning

    private struct Learnt: Sendable {
        var commit: CommitID?
        var state: TestCheckState
        var misses: [MissedFailure]
    }

    private func learn(_ request: TestsRequest, _ job: JobContext) async throws -> Learnt {
        let (now, id) = (job.clock.now, job.job.id)
        return try await job.write { transaction in
            let head = request.commit
            var state = try head.map { try TestHistories.state($0, of: request.repository, in: transaction) } ?? TestCheckState()
            if let misses = try TestHistories.misses(foundBy: id, in: transaction) {
                return Learnt(commit: head, state: state, misses: misses)
            }
            var (history, problem) = try TestHistories.load(request.repository, in: transaction)
            let known = history.misses
            switch request.message {
            case .run(let message):
                var run = message.run
                // After a damaged history nothing is known of the past: the next selection runs everything.
                if problem != nil { run.isDamaged = true }
                history.add(run)
                state.run = RunNotice(history, after: state.run)
                state.coverage = message.coverage ?? state.coverage
            case .selection(let message):
                state.selection = message.notice
                if problem == nil, let leftOut = message.leftOut { history.remember(leftOut) }
            }
            let misses = history.misses.filter { !known.contains($0) }
            state.missed += misses.count
            if problem == nil || request.isRun { try TestHistories.save(history, of: request.repository, at: now, in: transaction) }
            if let head { try TestHistories.save(state, head, of: request.repository, at: now, in: transaction) }
            try TestHistories.note(misses, foundBy: id, at: now, in: transaction)
            return Learnt(commit: head, state: state, misses: misses)
        }
    }

    // MARK: Showing

    private func showCheck(_ state: TestCheckState, on commit: CommitID, _ repository: RepositoryReference, _ job: JobContext) async throws
    {
        let client = try await forges.client(for: repository)
        let stableKey = "tests:\(TestHistories.key(repository))@\(commit)"
        // Whether the tests pass is said by the run itself: this check must not fail a second time for it.
        let conclusion: CheckDraft.Conclusion = state.missed > 0 || (state.run?.failedCount ?? 0) > 0 ? .neutral : .success
        let draft = CheckDraft(
            name: Self.checkName, commit: commit, status: .completed(conclusion),
            title: hygiene.publishPlain(UntrustedText(TestsText.title(state)), limit: 200),
            summary: hygiene.publish(TestsText.markdown(state)), annotations: [],
            externalID: marker?.code(for: stableKey) ?? stableKey)
        let effect = Effect(
            stableKey: stableKey, kind: "check", content: "\(conclusion.rawValue)\n\(draft.title.text)\n\(draft.summary.text)")
        let probe: EffectStore.Probe = {
            try await client.checks(on: commit, in: repository, externalID: draft.externalID).first.map(String.init)
        }
        do {
            _ = try await job.effects.perform(effect, probe: probe) { known in
                if let id = known.flatMap({ Int64($0) }) {
                    try await client.updateCheck(id, in: repository, draft)
                    return "\(id)"
                }
                return String(try await client.createCheck(in: repository, draft))
            }
        } catch ForgeError.forbidden(let resource, let needs) {
            // A personal token may not write checks: what was learnt stays learnt.
            try await job.audit("tests.not-shown", subject: stableKey, detail: ["because": .string(needs ?? resource)])
        }
    }

    private func openIssue(_ misses: [MissedFailure], _ repository: RepositoryReference, _ job: JobContext) async throws {
        guard let tracker = try await forges.client(for: repository) as? any IssueTracker else {
            throw JobFailure(reason: "\(repository.forge.rawValue) has no issues we could write", retry: .never)
        }
        let stableKey = "missed:\(TestHistories.key(repository)):\(job.job.id)"
        let mark = marker.map { "fettle:\($0.code(for: stableKey))" } ?? "fettle:\(stableKey)"
        let title = hygiene.publishPlain(TestsText.issueTitle(misses), limit: 200)
        let body = hygiene.publish(TestsText.issue(misses) + .marker(mark))
        let probe: EffectStore.Probe = {
            let issues = try await tracker.issues(labelled: Self.issueLabel, in: repository)
            return issues.first { $0.isOurs && $0.body.raw.contains("<!-- \(mark) -->") }.map { "\($0.number)" }
        }
        let effect = Effect(stableKey: stableKey, kind: "issue", content: "\(title.text)\n\(body.text)")
        _ = try await job.effects.perform(effect, probe: probe) { known in
            if let known { return known }
            return "\(try await tracker.createIssue(in: repository, IssueDraft(title: title, body: body, labels: [Self.issueLabel])))"
        }
    }
}

extension TestsRequest {
    fileprivate var commit: CommitID? {
        switch message {
        case .run(let message): message.commit
        case .selection(let message): message.commit
        }
    }

    fileprivate var isRun: Bool {
        if case .run = message { return true }
        return false
    }
}
