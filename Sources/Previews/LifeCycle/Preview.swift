package import Basics
package import Forge

/// The life of one preview. Pure: an event goes in, what is to be done comes out, and `because` says why.
package struct Preview: Sendable, Hashable, Codable {
    package enum Phase: String, Sendable, Codable, CaseIterable {
        case absent
        case waitingForApproval = "waiting_for_approval"
        case waitingForRoom = "waiting_for_room"
        case starting, running, failed, stopping
        /// Taken down for idleness; a push or `/preview` brings it back.
        case expired
    }

    package private(set) var phase = Phase.absent
    /// The head the phase speaks of.
    package private(set) var head: CommitID?
    /// The head a driver was last asked to bring up: the one to take down.
    package private(set) var deployed: CommitID?
    package private(set) var address: String?
    package private(set) var failure: PreviewFailure?
    /// A driver was asked to bring it up and has not reported it gone: a leak unless somebody takes it down.
    package private(set) var mayExist = false
    /// Counts environments of this pull request: one that comes back is another one.
    package private(set) var generation = 0
    /// Counts calls of `up`: an attempt of its own for each push and each time somebody asks again.
    package private(set) var attempt = 0
    /// The only head of a fork that may run.
    package private(set) var approved: CommitID?
    package private(set) var isRequested = false
    package private(set) var isStopped = false
    package private(set) var expiresAt: Timestamp?
    /// Why it is as it is: the last decision's reason.
    package private(set) var because = "nothing happened yet"

    package init() {}

    /// What is decided about: the policy in force and who else is there.
    package struct Surroundings: Sendable, Hashable {
        /// `nil`: the base branch asks for no preview, or for one the operator does not allow; `refusal` says which.
        package var policy: PreviewPolicy?
        package var refusal: String
        /// Environments of the same repository that may exist, this one left out.
        package var others: Int
        package var bounds: PreviewBounds
        package var now: Timestamp

        package init(policy: PreviewPolicy?, refusal: String = "", others: Int, bounds: PreviewBounds = PreviewBounds(), now: Timestamp) {
            self.policy = policy
            self.refusal = refusal
            self.others = others
            self.bounds = bounds
            self.now = now
        }
    }

    package mutating func handle(_ event: PreviewEvent, in surroundings: Surroundings) -> PreviewAction? {
        switch event {
        case .seen(let facts): return settle(facts, surroundings)
        case .unreadable: return leave("the pull request cannot be read any more")
        case .asked(let command):
            obey(command, surroundings)
            return nil
        case .cameUp(let address):
            guard phase == .starting else { return nil }
            (phase, self.address, failure) = (.running, address, nil)
            return nil
        case .failed(let failure):
            guard phase == .starting else { return nil }
            (phase, self.failure) = (.failed, failure)
            return nil
        case .wentDown:
            let isIdle = isIdle(surroundings.now)
            (phase, mayExist, address) = (isIdle ? .expired : .absent, false, nil)
            if !isIdle { expiresAt = nil }
            return nil
        }
    }

    /// A driver runs it and no row knew: it is looked at like one that runs, and its head is not known.
    package mutating func adopt() {
        (phase, head, mayExist, generation) = (.running, nil, true, max(1, generation))
        because = "a driver runs it and nobody remembered"
    }

    // MARK: What the forge shows

    private mutating func settle(_ facts: PreviewFacts, _ surroundings: Surroundings) -> PreviewAction? {
        if !facts.isOpen {
            (isRequested, isStopped, expiresAt) = (false, false, nil)
            return leave("the pull request is closed")
        }
        guard let policy = surroundings.policy else { return leave(surroundings.refusal) }
        if let reason = reasonAgainst(facts, policy, surroundings.now) { return leave(reason, head: facts.head) }
        if facts.isFork, approved != facts.head {
            // What was approved before goes on running; the new head does not.
            if !mayExist || phase == .stopping { return hold(.waitingForApproval, facts.head, "a fork's head waits for approval") }
            (phase, head, because) = (.waitingForApproval, facts.head, "a fork's new head waits for approval of its own")
            return nil
        }
        if !mayExist, surroundings.others >= min(policy.cap, surroundings.bounds.largestCap) {
            return hold(.waitingForRoom, facts.head, "\(surroundings.others) previews of this repository run already")
        }
        return run(facts.head, policy, surroundings)
    }

    /// Why there is to be none; `nil` when there is to be one.
    private func reasonAgainst(_ facts: PreviewFacts, _ policy: PreviewPolicy, _ now: Timestamp) -> String? {
        if isStopped { return "it was stopped by `/preview stop`" }
        if facts.isDraft, !policy.includesDrafts, !isRequested { return "it is a draft" }
        if isIdle(now), facts.head == head { return "it was idle for too long" }
        if isRequested { return nil }
        switch policy.when {
        case .always: return nil
        case .label(let name): return facts.labels.contains(name) ? nil : "it does not have the label for previews"
        case .paths: return facts.touchesPaths ? nil : "it changes no file that previews are for"
        case .command: return "previews come on `/preview`"
        }
    }

    private func isIdle(_ now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    private mutating func run(_ head: CommitID, _ policy: PreviewPolicy, _ surroundings: Surroundings) -> PreviewAction? {
        switch phase {
        case .running, .failed:
            if self.head == head { return nil }
            because = "a new head"
        case .starting where self.head == head:
            because = "begun before and not ended"
            return .bringUp(head)
        case .stopping:
            because = "what was begun is ended first"
            return .takeDown
        case .absent, .expired, .starting, .waitingForApproval, .waitingForRoom: because = "a preview is wanted"
        }
        if !mayExist { generation += 1 }
        attempt += 1
        let idleLimit = min(policy.idleLimit, surroundings.bounds.longestIdle)
        if self.head != head || expiresAt == nil { expiresAt = surroundings.now + idleLimit.duration }
        (phase, self.head, deployed, mayExist, failure) = (.starting, head, head, true, nil)
        return .bringUp(head)
    }

    private mutating func leave(_ reason: String, head: CommitID? = nil) -> PreviewAction? {
        because = reason
        if mayExist {
            phase = .stopping
            return .takeDown
        }
        if phase != .expired || head == nil || head != self.head { phase = .absent }
        return nil
    }

    private mutating func hold(_ waiting: Phase, _ head: CommitID, _ reason: String) -> PreviewAction? {
        because = reason
        if mayExist {
            phase = .stopping
            return .takeDown
        }
        (phase, self.head, failure) = (waiting, head, nil)
        return nil
    }

    // MARK: What people ask

    private mutating func obey(_ command: PreviewCommand, _ surroundings: Surroundings) {
        let idleLimit = min(surroundings.policy?.idleLimit ?? Seconds(days: 3), surroundings.bounds.longestIdle)
        switch command {
        case .start:
            (isRequested, isStopped) = (true, false)
            expiresAt = surroundings.now + idleLimit.duration
            if phase == .failed {
                // Asked again after a failure: tried again.
                phase = .starting
                attempt += 1
            }
            if phase == .expired { phase = .absent }
        case .stop:
            (isRequested, isStopped) = (false, true)
        case .extend(let time):
            let longest = surroundings.now + surroundings.bounds.longestIdle.duration
            expiresAt = min(max(expiresAt ?? surroundings.now, surroundings.now) + time, longest)
        case .approve(let prefix):
            guard let head, prefix.isEmpty || head.hex.hasPrefix(prefix.lowercased()) else { return }
            (approved, expiresAt) = (head, surroundings.now + idleLimit.duration)
        }
    }
}
