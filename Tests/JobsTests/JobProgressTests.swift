import Basics
import Jobs
import TestSupport
import Testing

@Suite struct JobProgressTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func running(attempt: Int = 1, maxAttempts: Int = 3) -> JobProgress {
        JobProgress(state: .running, attempt: attempt, maxAttempts: maxAttempts, fence: 7, runAt: now)
    }

    @Test func `a claim starts an attempt under a new fence`() {
        var job = JobProgress(queuedAt: now, runAt: nil, maxAttempts: 3, openNeeds: 0)
        #expect(job.handle(.claim(at: now)) == .start(fence: 1))
        #expect(job.state == .running)
        #expect(job.attempt == 1)
        #expect(job.handle(.claim(at: now)) == .refuse(.running))
    }

    @Test func `a job waits for its time and for the jobs it needs`() {
        var later = JobProgress(queuedAt: now, runAt: now + .seconds(1), maxAttempts: 3, openNeeds: 0)
        #expect(later.handle(.claim(at: now)) == .refuse(.notDue))
        #expect(later.handle(.claim(at: now + .seconds(1))) == .start(fence: 1))
        var needy = JobProgress(queuedAt: now, runAt: nil, maxAttempts: 3, openNeeds: 1)
        #expect(needy.handle(.claim(at: now)) == .refuse(.notDue))
        #expect(needy.handle(.needEnded(succeeded: true, policy: .cancel)) == .wait)
        #expect(needy.handle(.claim(at: now)) == .start(fence: 1))
    }

    @Test(arguments: [
        JobEvent.heartbeat(fence: 6), .succeed(fence: 6), .fail(fence: 6, retryAt: nil), .release(fence: 6),
        .postpone(fence: 6, until: Timestamp(seconds: 1)), .loseWorker(fence: 6, retryAt: Timestamp(seconds: 1)),
    ])
    func `whoever holds an old fence changes nothing`(_ event: JobEvent) {
        var job = running()
        #expect(job.handle(event) == .refuse(.leaseLost))
        #expect(job == running())
    }

    @Test func `a failure is retried until the attempts are used up`() {
        var first = running(attempt: 2)
        #expect(first.handle(.fail(fence: 7, retryAt: now + .seconds(4))) == .wait)
        #expect(first.state == .retrying)
        #expect(first.runAt == now + .seconds(4))
        var last = running(attempt: 3)
        #expect(last.handle(.fail(fence: 7, retryAt: now)) == .end)
        #expect(last.state == .failed)
        var hopeless = running(attempt: 1)
        #expect(hopeless.handle(.fail(fence: 7, retryAt: nil)) == .end)
        #expect(hopeless.state == .failed)
    }

    @Test func `a vanished worker costs no attempt, but not without end`() {
        var job = JobProgress(queuedAt: now, runAt: nil, maxAttempts: 2, openNeeds: 0)
        for loss in 1..<JobProgress.maxLosses {
            guard case .start(let fence) = job.handle(.claim(at: now)) else {
                Issue.record("not startable after loss \(loss)")
                return
            }
            #expect(job.handle(.loseWorker(fence: fence, retryAt: now)) == .wait)
            #expect(job.attempt == 0)
        }
        guard case .start(let fence) = job.handle(.claim(at: now)) else { return }
        #expect(job.handle(.loseWorker(fence: fence, retryAt: now)) == .end)
        #expect(job.state == .failed)
    }

    @Test func `a release and a postponement cost no attempt`() {
        var released = running()
        #expect(released.handle(.release(fence: 7)) == .wait)
        #expect(released.state == .available)
        #expect(released.attempt == 0)
        var postponed = running()
        #expect(postponed.handle(.postpone(fence: 7, until: now + .seconds(9))) == .wait)
        #expect(postponed.state == .scheduled)
        #expect(postponed.attempt == 0)
    }

    @Test(arguments: JobState.allCases) func `an ended job stays ended, except that a failed or cancelled one may run again`(
        _ state: JobState
    ) {
        var job = JobProgress(state: state, attempt: 3, maxAttempts: 3, losses: 2, fence: 7, runAt: now)
        let action = job.handle(.runAgain(at: now))
        if state == .failed || state == .cancelled {
            #expect(action == .wait)
            #expect(job.state == .available)
            #expect(job.attempt == 0)
        } else {
            #expect(job.state == state)
        }
        guard state.isEnded else { return }
        for event in [JobEvent.cancel, .supersede, .claim(at: now)] {
            var ended = JobProgress(state: state, attempt: 1, maxAttempts: 3, fence: 7, runAt: now)
            #expect(ended.handle(event) == .refuse(.ended))
            #expect(ended.state == state)
        }
    }

    @Test func `a need that failed cancels or releases, by policy`() {
        let waiting = JobProgress(queuedAt: now, runAt: nil, maxAttempts: 1, openNeeds: 2)
        var cancelled = waiting
        #expect(cancelled.handle(.needEnded(succeeded: false, policy: .cancel)) == .end)
        #expect(cancelled.state == .cancelled)
        var released = waiting
        #expect(released.handle(.needEnded(succeeded: false, policy: .release)) == .wait)
        #expect(released.openNeeds == 1)
    }
}

@Suite struct AttemptTests {
    @Test func `a review is not given up before its forge was away for 25 minutes`() {
        let retry = WorkerSettings(owner: "r").retry
        let shortest = (1..<JobRequest.outlastingOutage).map { retry.wait(afterAttempt: $0, chance: 0) }.reduce(.zero, +)
        #expect(shortest > .seconds(25 * 60))
    }
}
