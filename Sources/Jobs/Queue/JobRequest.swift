package import Basics

/// Work that must not wait behind other work has a lane of its own.
package struct Lane: Sendable, Hashable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// What a person waits for: reviews, checks, answers to comments.
    package static let review = Lane(rawValue: "review")
    /// Minutes of downloading and reading.
    package static let analysis = Lane(rawValue: "analysis")
    /// Builds of environments, ten minutes at worst.
    package static let previews = Lane(rawValue: "previews")
    /// Sweeps and pruning.
    package static let maintenance = Lane(rawValue: "maintenance")

    package static let all: [Lane] = [.review, .analysis, .previews, .maintenance]
}

package struct JobID: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

/// A unit of work to be queued. Handlers of events make these; they are plain values.
package struct JobRequest: Sendable, Hashable {
    /// How long `uniqueKey` keeps a second job away.
    package enum Uniqueness: Sendable, Hashable {
        case whileOpen
        /// Also after success. A job that failed for good or was cancelled or superseded does not count.
        case forever
    }

    /// The `JobHandler` that runs it.
    package var kind: String
    package var lane: Lane
    package var payload: JSONValue
    package var uniqueKey: String?
    package var uniqueness: Uniqueness
    /// At most one job with this key runs at a time, e.g. one per pull request.
    package var concurrencyKey: String?
    /// Older jobs of this kind and `concurrencyKey` that wait or run are no longer wanted.
    package var supersedesOlder: Bool
    /// `nil`: at once.
    package var runAt: Timestamp?
    package var maxAttempts: Int

    /// Attempts of a job that nobody would ask for again: with a worker's usual waits they reach over half an hour to an hour, so that an
    /// outage of the forge delays the job and does not lose it.
    package static let outlastingOutage = 14

    /// Higher first, within a lane.
    package var priority: Int
    package var needs: [JobID]
    package var ifNeedFails: FailedNeedPolicy

    package init(
        kind: String, lane: Lane = .review, payload: JSONValue, uniqueKey: String? = nil, uniqueness: Uniqueness = .whileOpen,
        concurrencyKey: String? = nil, supersedesOlder: Bool = false, runAt: Timestamp? = nil, maxAttempts: Int = 8, priority: Int = 0,
        needs: [JobID] = [], ifNeedFails: FailedNeedPolicy = .cancel
    ) {
        self.kind = kind
        self.lane = lane
        self.payload = payload
        self.uniqueKey = uniqueKey
        self.uniqueness = uniqueness
        self.concurrencyKey = concurrencyKey
        self.supersedesOlder = supersedesOlder
        self.runAt = runAt
        self.maxAttempts = maxAttempts
        self.priority = priority
        self.needs = needs
        self.ifNeedFails = ifNeedFails
    }
}

package enum EnqueueResult: Sendable, Hashable {
    case queued(JobID)
    /// A job with the same unique key is there already.
    case alreadyQueued(JobID)

    package var id: JobID {
        switch self {
        case .queued(let id), .alreadyQueued(let id): id
        }
    }
}
