package import Basics

/// The job state machine: a value, an event, the next value and what its owner must do. Knows no database and no clock.
package struct JobProgress: Sendable, Hashable {
    package var state: JobState
    /// Attempts begun. A graceful release and a postponement are taken back; a lost worker is counted in `losses` instead.
    package var attempt: Int
    package var maxAttempts: Int
    /// Times the worker vanished. Bounded apart from attempts: a deployment kills workers through no fault of the job.
    package var losses: Int
    /// Grows with every start. A write that carries an older one is refused.
    package var fence: Int64
    package var runAt: Timestamp
    /// Jobs this one still waits for.
    package var openNeeds: Int

    /// A job that takes its worker down this often does it by itself.
    package static let maxLosses = 20

    package init(
        state: JobState, attempt: Int = 0, maxAttempts: Int, losses: Int = 0, fence: Int64 = 0, runAt: Timestamp, openNeeds: Int = 0
    ) {
        self.state = state
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.losses = losses
        self.fence = fence
        self.runAt = runAt
        self.openNeeds = openNeeds
    }

    /// A new job: waiting for its time, for other jobs, or for a worker.
    package init(queuedAt now: Timestamp, runAt: Timestamp?, maxAttempts: Int, openNeeds: Int) {
        let isReady = openNeeds == 0 && (runAt ?? now) <= now
        self.init(state: isReady ? .available : .scheduled, maxAttempts: max(maxAttempts, 1), runAt: runAt ?? now, openNeeds: openNeeds)
    }

    package mutating func handle(_ event: JobEvent) -> JobAction {
        switch event {
        case .claim(let now): claim(at: now)
        case .heartbeat(let fence): ifHeld(fence) { _ in .carryOn }
        case .succeed(let fence): ifHeld(fence) { $0.end(.succeeded) }
        case .fail(let fence, let retryAt): ifHeld(fence) { $0.fail(retryAt: retryAt) }
        case .postpone(let fence, let until): ifHeld(fence) { $0.giveBack(as: .scheduled, runAt: until) }
        case .release(let fence): ifHeld(fence) { $0.giveBack(as: .available, runAt: $0.runAt) }
        case .loseWorker(let fence, let retryAt): ifHeld(fence) { $0.loseWorker(retryAt: retryAt) }
        case .cancel: state.isEnded ? .refuse(.ended) : end(.cancelled)
        case .supersede: state.isEnded ? .refuse(.ended) : end(.superseded)
        case .runAgain(let now): runAgain(at: now)
        case .needEnded(let succeeded, let policy): needEnded(succeeded: succeeded, policy: policy)
        }
    }

    private mutating func claim(at now: Timestamp) -> JobAction {
        if state.isEnded { return .refuse(.ended) }
        if state == .running { return .refuse(.running) }
        if openNeeds > 0 || runAt > now { return .refuse(.notDue) }
        state = .running
        attempt += 1
        fence += 1
        return .start(fence: fence)
    }

    private mutating func fail(retryAt: Timestamp?) -> JobAction {
        guard let retryAt, attempt < maxAttempts else { return end(.failed) }
        state = .retrying
        runAt = retryAt
        return .wait
    }

    private mutating func loseWorker(retryAt: Timestamp) -> JobAction {
        losses += 1
        if losses >= Self.maxLosses { return end(.failed) }
        attempt -= 1
        state = .retrying
        runAt = retryAt
        return .wait
    }

    private mutating func giveBack(as next: JobState, runAt time: Timestamp) -> JobAction {
        state = next
        attempt -= 1
        runAt = time
        return .wait
    }

    private mutating func runAgain(at now: Timestamp) -> JobAction {
        guard state == .failed || state == .cancelled else { return .refuse(state.isEnded ? .ended : .running) }
        state = openNeeds > 0 ? .scheduled : .available
        attempt = 0
        losses = 0
        runAt = now
        return .wait
    }

    private mutating func needEnded(succeeded: Bool, policy: FailedNeedPolicy) -> JobAction {
        guard state.isWaiting, openNeeds > 0 else { return .refuse(state.isEnded ? .ended : .running) }
        openNeeds -= 1
        if !succeeded, policy == .cancel { return end(.cancelled) }
        return .wait
    }

    private mutating func end(_ last: JobState) -> JobAction {
        state = last
        return .end
    }

    /// Whoever lost the lease changes nothing any more.
    private mutating func ifHeld(_ claimed: Int64, _ change: (inout JobProgress) -> JobAction) -> JobAction {
        guard state == .running, claimed == fence else { return .refuse(.leaseLost) }
        return change(&self)
    }
}

package enum JobEvent: Sendable, Hashable {
    case claim(at: Timestamp)
    case heartbeat(fence: Int64)
    case succeed(fence: Int64)
    /// `retryAt` is `nil` when trying again cannot help.
    case fail(fence: Int64, retryAt: Timestamp?)
    /// The job asked to run later; no fault of anybody.
    case postpone(fence: Int64, until: Timestamp)
    /// The worker stops in good order.
    case release(fence: Int64)
    /// Nobody heard from the worker for a whole lease.
    case loseWorker(fence: Int64, retryAt: Timestamp)
    case cancel
    case supersede
    /// By hand, or by a redelivery.
    case runAgain(at: Timestamp)
    case needEnded(succeeded: Bool, policy: FailedNeedPolicy)
}

/// What becomes of a job when one it needs did not succeed.
package enum FailedNeedPolicy: String, Sendable, Hashable, Codable {
    case cancel, release
}

package enum JobAction: Sendable, Hashable {
    case start(fence: Int64)
    case carryOn
    case wait
    /// Over: jobs that need this one are told.
    case end
    /// Nothing changed.
    case refuse(Refusal)

    package enum Refusal: String, Sendable, Hashable, Error {
        case leaseLost = "another worker has the job, or it was cancelled"
        case ended = "the job is over"
        case running = "the job is running or waiting to run"
        case notDue = "its time has not come"
    }
}
