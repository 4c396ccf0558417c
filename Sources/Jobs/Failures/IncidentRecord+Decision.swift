import Basics
import FailureAnalysis
import Notifiers

extension IncidentRecord {
    init(_ incident: Incident, _ account: FailureAccount, _ occurrence: Occurrence) {
        self.incident = incident
        generation = 1
        self.account = account
        first = occurrence
        last = occurrence
    }

    /// Notes what an action of the decision asks for; sending it is another step.
    mutating func note(
        _ action: IncidentDecision.Action, _ account: FailureAccount?, _ occurrence: Occurrence, cooldown: Duration
    ) {
        switch action {
        case .openIssue:
            // A record that was there before is a cause that came back: by the operator's choice it gets another issue.
            if issue != nil || closings > 0 { startAgain() }
            begin(account, occurrence)
            tell(.opened, at: occurrence.at)
        case .reopenIssue:
            opens = true
            begin(account, occurrence)
            tell(.reopened, at: occurrence.at, cooldown: cooldown)
            comments.append(.repeated(count: incident.occurrences))
        case .updateIssue: last = occurrence
        case .commentOnIssue: comments.append(.repeated(count: incident.occurrences))
        case .closeIssue(_, let commit):
            opens = false
            closings += 1
            fixedBy = UntrustedText(commit)
            comments.append(.fixed(by: UntrustedText(commit), closing: closings))
            tell(.closed, at: occurrence.at, cooldown: cooldown)
        case .recordFlaky, .commentOnPullRequest, .settlePullRequest: break
        }
    }

    private mutating func startAgain() {
        generation += 1
        issue = nil
        opens = nil
        comments = []
        notices = []
        noticeCount = 0
    }

    /// What flips within the cooldown is not worth a message each time; the issue shows it all the same.
    private mutating func tell(_ state: Notice.State, at time: Timestamp, cooldown: Duration = .zero) {
        if let lastNotice, time - lastNotice < cooldown { return }
        noticeCount += 1
        lastNotice = time
        notices.append(PendingNotice(state: state, number: noticeCount, at: time))
    }

    private mutating func begin(_ account: FailureAccount?, _ occurrence: Occurrence) {
        if let account {
            let explanation = account.explanation ?? self.account.explanation
            self.account = account
            self.account.explanation = explanation
        }
        last = occurrence
        fixedBy = nil
    }
}

/// One run's events judged against the incidents that are known: a pure function over the rows.
struct IncidentJudgement {
    private(set) var records: [String: IncidentRecord]
    private(set) var changed: Set<String> = []
    private(set) var reasons: [String] = []

    init(_ records: [String: IncidentRecord]) {
        self.records = records
    }

    mutating func judge(_ run: FinishedRun, settings: FailureSettings, at time: Timestamp) {
        let accounts = run.accounts
        let occurrence = IncidentRecord.Occurrence(run, at: time)
        for event in run.events(at: time) {
            let decision = IncidentDecision(event, incidents: records.mapValues(\.incident), settings: settings.incidents)
            reasons += decision.reasons
            for (fingerprint, incident) in decision.incidents where records[fingerprint]?.incident != incident {
                changed.insert(fingerprint)
                if records[fingerprint] != nil {
                    records[fingerprint]?.incident = incident
                } else if let account = accounts[fingerprint] {
                    records[fingerprint] = IncidentRecord(incident, account, occurrence)
                }
            }
            for action in decision.actions {
                guard let fingerprint = action.fingerprint else { continue }
                records[fingerprint]?.note(action, accounts[fingerprint], occurrence, cooldown: settings.noticeCooldown)
            }
        }
    }
}

extension IncidentRecord.Occurrence {
    init(_ run: FinishedRun, at time: Timestamp) {
        self.init(
            title: run.title, address: run.address, branch: UntrustedText(run.branch), commit: UntrustedText(run.commit), at: time)
    }
}

extension IncidentDecision.Action {
    /// The cause it is about; `nil` for what concerns a pull request.
    var fingerprint: String? {
        switch self {
        case .openIssue(let fingerprint), .reopenIssue(let fingerprint), .updateIssue(let fingerprint), .commentOnIssue(let fingerprint),
            .closeIssue(let fingerprint, _), .recordFlaky(let fingerprint):
            fingerprint
        case .commentOnPullRequest, .settlePullRequest: nil
        }
    }
}
