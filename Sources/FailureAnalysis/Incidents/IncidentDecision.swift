internal import Basics

/// What to do about the incidents of a repository when a job has finished: a pure function of what is known and what came.
///
/// The same attempt judged twice changes nothing, so redeliveries and a crash between deciding and acting are harmless.
package struct IncidentDecision: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case openIssue(fingerprint: String)
        case reopenIssue(fingerprint: String)
        /// Count, branches and last seen in the issue's own text are edited; nobody is notified.
        case updateIssue(fingerprint: String)
        /// At most one in `IncidentSettings.quiet`.
        case commentOnIssue(fingerprint: String)
        case closeIssue(fingerprint: String, fixedBy: String)
        /// One comment on the pull request for all causes, edited when it exists.
        case commentOnPullRequest(number: Int, fingerprints: Set<String>)
        /// The pull request's comment says that it is green again; nothing happens when there is none.
        case settlePullRequest(number: Int)
        /// This attempt passed where an earlier one of the same run, or another run of the same commit, failed.
        case recordFlaky(fingerprint: String)
    }

    package let actions: [Action]
    /// Why, one sentence for each action or for doing nothing.
    package let reasons: [String]
    /// All incidents after the event.
    package let incidents: [String: Incident]

    package init(_ event: IncidentEvent, incidents: [String: Incident], settings: IncidentSettings) {
        var ledger = Ledger(event: event, incidents: incidents, settings: settings)
        ledger.judge()
        actions = ledger.actions
        reasons = ledger.reasons
        self.incidents = ledger.incidents
    }

    private struct Ledger {
        let event: IncidentEvent
        var incidents: [String: Incident]
        let settings: IncidentSettings
        var actions: [Action] = []
        var reasons: [String] = []

        mutating func judge() {
            switch event.outcome {
            case .cancelled, .skipped: reasons.append("a cancelled or skipped run says nothing about the code")
            case .failed(let causes):
                if let number = event.pullRequest {
                    act(.commentOnPullRequest(number: number, fingerprints: causes), "a pull request's failure is told on the pull request")
                } else if event.isFork {
                    reasons.append("a fork's run opens no issue")
                } else {
                    for cause in causes.sorted() { fail(cause) }
                }
            case .succeeded:
                if let number = event.pullRequest {
                    act(.settlePullRequest(number: number), "the pull request's job is green")
                } else if event.isFork {
                    reasons.append("a fork's run closes no issue")
                } else {
                    for fingerprint in incidents.keys.sorted() { succeed(fingerprint) }
                    if actions.isEmpty, reasons.isEmpty { reasons.append("no open incident knows this job on this branch") }
                }
            }
        }

        private mutating func act(_ action: Action, _ reason: String) {
            actions.append(action)
            reasons.append(reason)
        }

        private mutating func fail(_ cause: String) {
            guard var incident = incidents[cause] else {
                var new = Incident(fingerprint: cause, firstSeen: event.time)
                count(&new)
                incidents[cause] = new
                act(.openIssue(fingerprint: cause), "a cause that no incident has")
                return
            }
            guard !incident.judged.contains(event.attempt) else {
                reasons.append("this attempt was counted before")
                return
            }
            let isLate = incident.closedBy.map { event.attempt.isOlder(than: $0) } ?? false
            let wasClosed = incident.status == .closed && !isLate
            count(&incident)
            if wasClosed {
                incident.status = .open
                incident.closedBy = nil
                incident.lastComment = event.time
                let reopens = settings.recurrence == .reopen
                act(reopens ? .reopenIssue(fingerprint: cause) : .openIssue(fingerprint: cause), "a closed incident is back")
            } else if incident.status == .closed {
                act(.updateIssue(fingerprint: cause), "an older run ended after the fix")
            } else {
                act(.updateIssue(fingerprint: cause), "the same cause again")
                comment(on: &incident)
            }
            incidents[cause] = incident
        }

        private mutating func comment(on incident: inout Incident) {
            if let last = incident.lastComment, event.time - last < settings.quiet { return }
            incident.lastComment = event.time
            act(.commentOnIssue(fingerprint: incident.fingerprint), "no comment within the quiet time")
        }

        private func count(_ incident: inout Incident) {
            incident.occurrences += 1
            incident.branches.insert(event.branch)
            incident.jobs.insert(event.attempt.job)
            incident.lastSeen = max(incident.lastSeen, event.time)
            incident.lastComment = incident.lastComment ?? event.time
            let key = Incident.BranchJob(branch: event.branch, job: event.attempt.job)
            if let last = incident.lastFailed[key], event.attempt.isOlder(than: last) {
                remember(&incident)
                return
            }
            var flakiness = incident.flakiness ?? Flakiness()
            flakiness.failed(key, on: event.commit, wasGreen: (incident.greens[key] ?? 0) > 0)
            incident.flakiness = flakiness
            incident.greens[key] = 0
            incident.lastFailed[key] = event.attempt
            remember(&incident)
        }

        private func remember(_ incident: inout Incident) {
            incident.judged.append(event.attempt)
            if incident.judged.count > Incident.rememberedAttempts {
                incident.judged.removeFirst(incident.judged.count - Incident.rememberedAttempts)
            }
        }

        private mutating func succeed(_ fingerprint: String) {
            let key = Incident.BranchJob(branch: event.branch, job: event.attempt.job)
            guard var incident = incidents[fingerprint], incident.status == .open, let greens = incident.greens[key] else { return }
            guard !incident.judged.contains(event.attempt) else {
                reasons.append("this attempt was counted before")
                return
            }
            if let last = incident.lastFailed[key], event.attempt.isOlder(than: last) {
                reasons.append("green, but begun before the last failure")
                return
            }
            let failedBefore = incident.judged.contains {
                $0.run == event.attempt.run && $0.job == event.attempt.job && $0.attempt < event.attempt.attempt
            }
            remember(&incident)
            if failedBefore { incident.flakes += 1 }
            let passedOnCommit = incident.flakiness?.passed(key, on: event.commit) ?? false
            // A retry is a run of the same commit, too: told once.
            if failedBefore, passedOnCommit { incident.flakiness?.sameCommit -= 1 }
            if failedBefore || passedOnCommit { act(.recordFlaky(fingerprint: fingerprint), "the same commit failed and passed") }
            incident.greens[key] = greens + 1
            if incident.greens.values.allSatisfy({ $0 >= settings.greensToClose }) {
                incident.status = .closed
                incident.closedBy = event.attempt
                act(.closeIssue(fingerprint: fingerprint, fixedBy: event.commit), "green where it was broken, often enough")
            } else {
                reasons.append("green, but not yet everywhere or often enough")
            }
            incidents[fingerprint] = incident
        }
    }
}
