import Basics
import FailureAnalysis
import Forge
package import Notifiers
import Policy

/// Tells people of an incident's changes of state: once for each sink, in one thread for each issue.
struct IncidentNotices: Sendable {
    let sinks: [any NoticeSink]
    let hygiene: OutputHygiene

    /// A sink that refuses is noted in the audit log and left out; one that is out of reach is tried again with the job, until its last
    /// attempt. The issue stands in either case.
    func send(
        _ pending: IncidentRecord.PendingNotice, of record: IncidentRecord, in repository: RepositoryReference, issue: WebAddress?,
        _ job: JobContext
    ) async throws {
        let subject = "\(IncidentRows.key(repository)):\(record.incident.fingerprint):\(record.generation)"
        let notice = notice(pending, subject, record, repository, issue)
        for sink in sinks {
            let key = "notice:\(sink.name):\(subject)"
            let first = try await job.effects.remoteID(of: "\(key):1")
            do {
                try await send(notice, to: sink, key: "\(key):\(pending.number)", thread: pending.number > 1 ? first : nil, job)
            } catch let error as NoticeError {
                guard case .refused = error else {
                    if !job.isLastAttempt { throw error }
                    try await leaveOut(error, key, job)
                    continue
                }
                try await leaveOut(error, key, job)
            }
        }
    }

    private func leaveOut(_ error: NoticeError, _ key: String, _ job: JobContext) async throws {
        let reason = hygiene.publishPlain(UntrustedText(error.description)).text
        try await job.audit("notice.left-out", subject: key, detail: ["because": .string(reason)])
    }

    private func send(_ notice: Notice, to sink: any NoticeSink, key: String, thread: String?, _ job: JobContext) async throws {
        let effect = Effect(stableKey: key, kind: "notice", content: key)
        // Nobody can look whether a message arrived. A receiver that knows repeats gets it again; for others a lost answer counts as sent.
        let repeats = sink.knowsRepeats
        let probe: EffectStore.Probe = { repeats ? nil : "unknown" }
        _ = try await job.effects.perform(effect, probe: probe) { known in
            if let known { return known }
            return try await sink.send(notice, thread: thread == "unknown" ? nil : thread)
        }
    }

    private func notice(
        _ pending: IncidentRecord.PendingNotice, _ subject: String, _ record: IncidentRecord, _ repository: RepositoryReference,
        _ issue: WebAddress?
    ) -> Notice {
        func plain(_ text: String) -> PublishableText { hygiene.publishPlain(UntrustedText(text), limit: 300) }
        var facts = [
            Notice.Fact("repository", plain(repository.name.description)),
            Notice.Fact("class", plain(record.failureClass.rawValue)),
            Notice.Fact("branch", plain(record.last.branch.raw)), Notice.Fact("failed runs", plain("\(record.incident.occurrences)")),
            Notice.Fact("jobs", plain(record.incident.jobs.sorted().prefix(5).joined(separator: ", "))),
        ]
        if pending.state == .closed, let fixed = record.fixedBy {
            facts.append(Notice.Fact("fixed by", plain(String(fixed.raw.prefix(12)))))
        }
        if pending.state != .closed, let suspect = record.account.suspects.first {
            facts.append(Notice.Fact("suspect", plain("\(suspect.commit.short) \(suspect.subject.raw)")))
        }
        return Notice(
            subject: subject, number: pending.number, state: pending.state,
            title: plain(record.account.report.headline?.text.raw ?? "a run failed without naming a cause"), facts: facts, link: issue,
            at: pending.at)
    }
}

extension NoticeError: SendFailure {
    package var mayHaveHappened: Bool { if case .ambiguous = self { true } else { false } }
}

extension NoticeError: RetryAdvising {
    package var retryAdvice: RetryAdvice {
        switch self {
        case .limited(_, let wait): .after(wait)
        case .unreachable, .ambiguous: .afterBackoff
        case .refused: .never
        }
    }
}
