import Basics
import Testing

@testable import FailureAnalysis

@Suite struct IncidentDecisionTests {
    /// A story: events one after another, and the actions each must lead to.
    struct Story: CustomTestStringConvertible {
        let name: String
        var settings = IncidentSettings()
        let steps: [(IncidentEvent, [IncidentDecision.Action])]
        var testDescription: String { name }
    }

    @Test(arguments: stories)
    func `each event leads to exactly the expected issue states, also when it is delivered again`(story: Story) {
        var incidents: [String: Incident] = [:]
        for (number, (event, expected)) in story.steps.enumerated() {
            let decision = IncidentDecision(event, incidents: incidents, settings: story.settings)
            #expect(decision.actions == expected, "step \(number + 1)")
            #expect(!decision.reasons.isEmpty)
            incidents = decision.incidents
            // A redelivery changes nothing that is counted, and opens, reopens or closes nothing.
            let again = IncidentDecision(event, incidents: incidents, settings: story.settings)
            #expect(again.incidents == incidents)
            #expect(again.actions.allSatisfy(Self.isIdempotent), "step \(number + 1), delivered again")
        }
    }

    @Test
    func `a pass on a retry, a pass of the same commit and coming back on several branches make a failure flaky, a wrong fix does not`() {
        var incidents: [String: Incident] = [:]
        func tell(_ outcome: IncidentEvent.Outcome, run: Int64, attempt: Int = 1, branch: String = "main", commit: String) -> Incident? {
            let event = IncidentEvent(
                attempt: RunAttempt(run: run, attempt: attempt, job: "test"), branch: branch, commit: commit, outcome: outcome,
                time: Timestamp(seconds: 1_700_000_000 + run))
            incidents = IncidentDecision(event, incidents: incidents, settings: IncidentSettings()).incidents
            return incidents["a"]
        }
        let failed = IncidentEvent.Outcome.failed(causes: ["a"])
        _ = tell(failed, run: 1, commit: "c1")
        #expect(tell(.succeeded, run: 2, commit: "c2")?.failureClass(stated: .test) == .test)
        // The fix did not hold: once proves nothing.
        #expect(tell(failed, run: 3, commit: "c3")?.failureClass(stated: .test) == .test)
        #expect(tell(.succeeded, run: 4, commit: "c4")?.flakySigns == [])
        _ = tell(failed, run: 5, branch: "topic", commit: "t1")
        _ = tell(.succeeded, run: 6, branch: "topic", commit: "t2")
        let returned = tell(failed, run: 7, branch: "topic", commit: "t3")
        #expect(returned?.flakySigns == [.flips(times: 2, branches: 2)])
        #expect(returned?.failureClass(stated: .test) == .flaky)
        #expect(returned?.failureClass(stated: .infrastructure) == .infrastructure)
        let sameCommit = tell(.succeeded, run: 8, branch: "topic", commit: "t3")
        #expect(sameCommit?.flakySigns == [.sameCommit(times: 1), .flips(times: 2, branches: 2)])
        _ = tell(failed, run: 9, commit: "c9")
        let retried = tell(.succeeded, run: 9, attempt: 2, commit: "c9")
        #expect(retried?.flakySigns == [.retry(times: 1), .sameCommit(times: 1), .flips(times: 3, branches: 2)])
        let again = tell(.succeeded, run: 9, attempt: 2, commit: "c9")
        #expect(again == retried, "a redelivery counts nothing")
    }

    @Test func `an incident stored before flakiness was counted is read`() throws {
        var incident = Incident(fingerprint: "a", firstSeen: Timestamp(seconds: 1))
        incident.flakes = 1
        guard case .object(var fields) = JSONValue(encoding: incident) else {
            Issue.record("no object")
            return
        }
        fields["flakiness"] = nil
        let read = try JSONValue.object(fields).decoded(as: Incident.self)
        #expect(read.flakySigns == [.retry(times: 1)])
    }

    private static func isIdempotent(_ action: IncidentDecision.Action) -> Bool {
        switch action {
        case .commentOnPullRequest, .settlePullRequest: true
        default: false
        }
    }

    private static func event(
        _ outcome: IncidentEvent.Outcome, run: Int64, attempt: Int = 1, job: String = "build", branch: String = "main", pull: Int? = nil,
        fork: Bool = false, hour: Int64 = 0
    ) -> IncidentEvent {
        IncidentEvent(
            attempt: RunAttempt(run: run, attempt: attempt, job: job), branch: branch, commit: "c\(run)", pullRequest: pull, isFork: fork,
            outcome: outcome, time: Timestamp(seconds: 1_700_000_000 + hour * 3600))
    }

    private static func fails(_ causes: String...) -> IncidentEvent.Outcome { .failed(causes: Set(causes)) }

    static let stories: [Story] = [
        Story(
            name: "fail, fail, green",
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (event(fails("a"), run: 2, hour: 1), [.updateIssue(fingerprint: "a")]),
                (event(.succeeded, run: 3, hour: 2), [.closeIssue(fingerprint: "a", fixedBy: "c3")]),
            ]),
        Story(
            name: "a comment a day",
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (event(fails("a"), run: 2, hour: 23), [.updateIssue(fingerprint: "a")]),
                (event(fails("a"), run: 3, hour: 25), [.updateIssue(fingerprint: "a"), .commentOnIssue(fingerprint: "a")]),
                (event(fails("a"), run: 4, hour: 26), [.updateIssue(fingerprint: "a")]),
            ]),
        Story(
            name: "cancelled and skipped never open or close",
            steps: [
                (event(.cancelled, run: 1), []), (event(fails("a"), run: 2), [.openIssue(fingerprint: "a")]),
                (event(.cancelled, run: 3), []), (event(.skipped, run: 4), []),
            ]),
        Story(
            name: "a rerun passes: flaky, and closed",
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (
                    event(.succeeded, run: 1, attempt: 2),
                    [.recordFlaky(fingerprint: "a"), .closeIssue(fingerprint: "a", fixedBy: "c1")]
                ),
            ]),
        Story(
            name: "another branch: one issue, closed when both are green",
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (event(fails("a"), run: 2, branch: "release"), [.updateIssue(fingerprint: "a")]),
                (event(.succeeded, run: 3), []), (event(.succeeded, run: 4, branch: "other"), []),
                (event(.succeeded, run: 5, branch: "release"), [.closeIssue(fingerprint: "a", fixedBy: "c5")]),
            ]),
        Story(
            name: "a fork's run changes nothing",
            steps: [(event(fails("a"), run: 1, fork: true), []), (event(.succeeded, run: 2, fork: true), [])]),
        Story(
            name: "a pull request's run is told there",
            steps: [
                (event(fails("a", "b"), run: 1, pull: 7, fork: true), [.commentOnPullRequest(number: 7, fingerprints: ["a", "b"])]),
                (event(.succeeded, run: 2, pull: 7), [.settlePullRequest(number: 7)]),
            ]),
        Story(
            name: "two jobs, one cause: one issue, closed when both are green",
            steps: [
                (event(fails("a"), run: 1, job: "linux"), [.openIssue(fingerprint: "a")]),
                (event(fails("a"), run: 1, job: "macos"), [.updateIssue(fingerprint: "a")]),
                (event(.succeeded, run: 2, job: "linux"), []),
                (event(.succeeded, run: 2, job: "macos"), [.closeIssue(fingerprint: "a", fixedBy: "c2")]),
            ]),
        Story(
            name: "one job, two causes: two issues",
            steps: [
                (event(fails("b", "a"), run: 1), [.openIssue(fingerprint: "a"), .openIssue(fingerprint: "b")]),
                (event(fails("b"), run: 2), [.updateIssue(fingerprint: "b")]),
                (event(.succeeded, run: 3), [.closeIssue(fingerprint: "a", fixedBy: "c3"), .closeIssue(fingerprint: "b", fixedBy: "c3")]),
            ]),
        Story(
            name: "back after the fix: reopened",
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (event(.succeeded, run: 2), [.closeIssue(fingerprint: "a", fixedBy: "c2")]),
                (event(fails("a"), run: 3), [.reopenIssue(fingerprint: "a")]),
            ]),
        Story(
            name: "back after the fix: a new issue by setting",
            settings: IncidentSettings(recurrence: .openNew),
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]),
                (event(.succeeded, run: 2), [.closeIssue(fingerprint: "a", fixedBy: "c2")]),
                (event(fails("a"), run: 3), [.openIssue(fingerprint: "a")]),
            ]),
        Story(
            name: "an older run that ends late neither closes nor reopens",
            steps: [
                (event(fails("a"), run: 5), [.openIssue(fingerprint: "a")]), (event(.succeeded, run: 4), []),
                (event(.succeeded, run: 7), [.closeIssue(fingerprint: "a", fixedBy: "c7")]),
                (event(fails("a"), run: 6), [.updateIssue(fingerprint: "a")]),
                (event(fails("a"), run: 8), [.reopenIssue(fingerprint: "a")]),
            ]),
        Story(
            name: "three greens in a row, a failure starts the count again",
            settings: IncidentSettings(greensToClose: 3),
            steps: [
                (event(fails("a"), run: 1), [.openIssue(fingerprint: "a")]), (event(.succeeded, run: 2), []),
                (event(.succeeded, run: 3), []),
                (event(fails("a"), run: 4), [.updateIssue(fingerprint: "a")]), (event(.succeeded, run: 5), []),
                (event(.succeeded, run: 6), []),
                (event(.succeeded, run: 7), [.closeIssue(fingerprint: "a", fixedBy: "c7")]),
            ]),
    ]
}
