import Basics
import FailureAnalysis
package import Forge
package import Notifiers
package import Policy
import Storage

/// Keeps one issue for each cause in a repository, and one comment on each pull request, whatever CI server the runs come from.
///
/// `settle` decides in one transaction and then sends; the rows remember what is still to be sent, so that a job that died in between
/// is taken up where it stood. Jobs that call it carry `ExplainRunRequest.concurrencyKey`: one at a time in a repository.
package struct IncidentDesk: Sendable {
    /// An issue that stands after a run was settled.
    package struct Issue: Sendable, Hashable {
        package let fingerprint: String
        package let number: Int
        package let address: WebAddress?
        package let isOpen: Bool
        /// Opened by this run.
        package let isNew: Bool
    }

    private let forges: any ForgeAccess
    private let settings: FailureSettings
    private let text: IncidentText
    private let marks: FailureMarks
    private let notices: IncidentNotices

    /// - Parameters:
    ///   - marker: `nil` where no database keeps a key.
    ///   - sinks: where changes of state are told.
    package init(
        forges: any ForgeAccess, settings: FailureSettings, redactor: Redactor, marker: EffectMarker?, sinks: [any NoticeSink] = []
    ) {
        notices = IncidentNotices(sinks: sinks, hygiene: OutputHygiene(redactor: redactor))
        self.forges = forges
        self.settings = settings
        marks = FailureMarks(marker)
        text = IncidentText(hygiene: OutputHygiene(redactor: redactor), marks: marks)
    }

    /// Counts the run, and makes the forge show what is known then. The issues of the run's causes come back.
    ///
    /// Settling the same run again counts nothing and sends only what was not sent. Throws what the forge refused.
    @discardableResult
    package func settle(_ run: FinishedRun, _ job: JobContext) async throws -> [Issue] {
        try await decide(run, job)
        return try await send(run, job)
    }

    /// Whether a success could change anything here.
    package func waits(for repository: RepositoryReference, _ job: JobContext) async throws -> Bool {
        try await job.read { transaction in
            if try IncidentRows.hasOpen(repository, in: transaction) { return true }
            return try PullFailures.isWaiting("\(IncidentRows.key(repository))#", in: transaction)
        }
    }

    /// An open incident of this cause has been told already: nothing more need be found out about it.
    package func isTold(_ fingerprint: String, in repository: RepositoryReference, _ job: JobContext) async throws -> Bool {
        try await job.read { transaction in
            let known = try IncidentRows.load(repository, causes: [fingerprint], in: transaction)[fingerprint]
            return known?.record.incident.status == .open && known?.record.issue != nil
        }
    }

    private static func pullKey(_ repository: RepositoryReference, _ number: Int) -> String { "\(IncidentRows.key(repository))#\(number)" }

    // MARK: Deciding

    private func decide(_ run: FinishedRun, _ job: JobContext) async throws {
        let (now, settings, id) = (job.clock.now, settings, job.job.id)
        try await job.write { transaction in
            let stored = try IncidentRows.load(run.repository, causes: Set(run.accounts.keys), in: transaction)
            var judgement = IncidentJudgement(stored.mapValues(\.record))
            judgement.judge(run, settings: settings, at: now)
            for fingerprint in judgement.changed.sorted() {
                guard let record = judgement.records[fingerprint] else { continue }
                try IncidentRows.save(record, run.repository, at: now, in: transaction)
            }
            if let number = run.pullRequest { try Self.decide(run, on: number, at: now, in: transaction) }
            let entry = AuditEntry(
                action: "failures.judged", subject: "\(IncidentRows.key(run.repository)) \(run.title)", job: id,
                detail: ["because": .array(judgement.reasons.prefix(20).map { .string($0) })])
            try AuditLog.append(entry, at: now, in: transaction)
        }
    }

    private static func decide(_ run: FinishedRun, on number: Int, at now: Timestamp, in transaction: any Transaction) throws {
        let key = pullKey(run.repository, number)
        let stored = try PullFailures.load(key, in: transaction)
        var failures = stored?.failures ?? PullFailures()
        let before = failures
        let occurrence = IncidentRecord.Occurrence(run, at: now)
        var tells = stored?.isDirty ?? false
        for finished in run.jobs where failures.take(finished, of: occurrence, isAskedFor: run.isAskedFor) { tells = true }
        // A pull request on which nothing ever broke needs no row.
        guard failures != before || run.isAskedFor, stored != nil || failures.isTold else { return }
        try failures.save(key, isDirty: tells && failures.isTold, at: now, in: transaction)
    }

    // MARK: Sending

    private func send(_ run: FinishedRun, _ job: JobContext) async throws -> [Issue] {
        let causes = Set(run.accounts.keys)
        let stored = try await job.read { try IncidentRows.load(run.repository, causes: causes, in: $0) }
        let pullKey = run.pullRequest.map { Self.pullKey(run.repository, $0) }
        let pull = try await job.read { transaction in try pullKey.flatMap { try PullFailures.load($0, in: transaction) } }
        guard stored.values.contains(where: \.isDirty) || pull?.isDirty == true else { return [] }
        let client = try await forges.client(for: run.repository)
        var failure: (any Error)?
        var issues: [Issue] = []
        for (fingerprint, incident) in stored.sorted(by: { $0.key < $1.key }) where incident.isDirty {
            do {
                let issue = try await publish(incident, run.repository, client, job)
                if causes.contains(fingerprint) { issues.append(issue) }
            } catch {
                // One issue that is refused must not keep the others from being told.
                failure = failure ?? error
            }
        }
        if let pull, pull.isDirty, let number = run.pullRequest {
            try await publish(pull, on: PullRequestReference(repository: run.repository, number: number), client, job)
        }
        if let failure { throw failure }
        return issues
    }

    private func publish(
        _ stored: IncidentRows.Stored, _ repository: RepositoryReference, _ client: any ForgeClient, _ job: JobContext
    ) async throws -> Issue {
        guard let tracker = client as? any IssueTracker else {
            throw JobFailure(reason: "\(repository.forge.rawValue) has no issues we could write", retry: .never)
        }
        var record = stored.record
        let isNew = record.issue == nil
        let key = "issue:\(IncidentRows.key(repository)):\(record.incident.fingerprint):\(record.generation)"
        let number = try await publish(record, key, repository, tracker, job)
        for comment in record.comments {
            try await publish(comment, of: record, "\(key):\(comment.key)", on: number, repository, tracker, job)
        }
        let address = WebAddress.issue(number, in: repository.name, site: client.site)
        for notice in record.notices { try await notices.send(notice, of: record, in: repository, issue: address, job) }
        record.issue = number
        record.opens = nil
        record.comments = []
        record.notices = []
        let settled = record
        try await job.write { try IncidentRows.settle(settled, version: stored.version, repository, in: $0) }
        return Issue(
            fingerprint: record.incident.fingerprint, number: number, address: address,
            isOpen: record.incident.status == .open, isNew: isNew)
    }

    /// The issue's number.
    private func publish(
        _ record: IncidentRecord, _ key: String, _ repository: RepositoryReference, _ tracker: any IssueTracker, _ job: JobContext
    ) async throws -> Int {
        let (title, body) = (text.title(record), text.body(record, key: key))
        let state = record.opens.map { $0 ? "open" : "closed" } ?? "as it is"
        let effect = Effect(stableKey: key, kind: "issue", content: "\(state)\n\(title.text)\n\(body.text)")
        let (marks, settings, opens) = (marks, settings, record.opens)
        let probe: EffectStore.Probe = {
            let issues = try await tracker.issues(labelled: settings.labels.first ?? FailureSettings.defaultLabel, in: repository)
            return issues.first { $0.isOurs && marks.isIn($0.body, key) }.map { "\($0.number)" }
        }
        let receipt = try await job.effects.perform(effect, probe: probe) { known in
            if let number = known.flatMap({ Int($0) }) {
                try await tracker.updateIssue(number, in: repository, title: title, body: body, isOpen: opens)
                return "\(number)"
            }
            let draft = IssueDraft(title: title, body: body, labels: settings.labels, assignees: settings.assignees)
            let number = try await tracker.createIssue(in: repository, draft)
            if opens == false { try await tracker.updateIssue(number, in: repository, title: nil, body: nil, isOpen: false) }
            return "\(number)"
        }
        guard let number = Int(receipt.remoteID) else {
            throw JobFailure(reason: "the rows name an issue '\(receipt.remoteID)'", retry: .never)
        }
        return number
    }

    private func publish(
        _ comment: IncidentRecord.PendingComment, of record: IncidentRecord, _ key: String, on issue: Int,
        _ repository: RepositoryReference,
        _ tracker: any IssueTracker, _ job: JobContext
    ) async throws {
        let body = text.comment(comment, of: record, key: key)
        let marks = marks
        let probe: EffectStore.Probe = {
            try await tracker.issueComments(issue, in: repository).first { $0.isOurs && marks.isIn($0.body, key) }.map { "\($0.id)" }
        }
        _ = try await job.effects.perform(Effect(stableKey: key, kind: "comment", content: key), probe: probe) { known in
            if let known { return known }
            return "\(try await tracker.createIssueComment(issue, in: repository, body))"
        }
    }

    private func publish(
        _ pull: PullFailures.Stored, on reference: PullRequestReference, _ client: any ForgeClient, _ job: JobContext
    ) async throws {
        let key = "failures:\(Self.pullKey(reference.repository, reference.number))"
        let causes = Set(pull.failures.broken.flatMap { $0.entry.accounts.map(\.fingerprint) })
        let known = try await job.read { try IncidentRows.load(reference.repository, causes: causes, in: $0) }.mapValues(\.record)
        let body = text.comment(
            on: pull.failures, known: known, address: { .issue($0, in: reference.repository.name, site: client.site) }, key: key)
        let marks = marks
        let probe: EffectStore.Probe = {
            try await client.comments(on: reference).first { $0.isOurs && marks.isIn($0.body, key) }.map { "\($0.id)" }
        }
        _ = try await job.effects.perform(Effect(stableKey: key, kind: "comment", content: body.text), probe: probe) { known in
            if let id = known.flatMap({ Int64($0) }) {
                try await client.updateComment(id, on: reference, body)
                return "\(id)"
            }
            return "\(try await client.createComment(on: reference, body))"
        }
        let (version, row) = (pull.version, Self.pullKey(reference.repository, reference.number))
        try await job.write { try PullFailures.settle(row, version: version, in: $0) }
    }
}

extension IncidentRecord.PendingComment {
    /// The same for every attempt to send it.
    fileprivate var key: String {
        switch self {
        case .repeated(let count): "again-\(count)"
        case .fixed(_, let closing): "fixed-\(closing)"
        }
    }
}
