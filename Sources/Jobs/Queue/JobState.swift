/// Where a job is in its life. The names are what the database holds and `fettle jobs` prints.
package enum JobState: String, Sendable, Hashable, CaseIterable, Codable {
    /// May start as soon as a worker is free.
    case available
    /// Not before a time, or not before the jobs it needs have ended.
    case scheduled
    /// Failed or lost its worker; waits before the next attempt.
    case retrying
    case running
    case succeeded
    /// Failed for good: kept with its last error until somebody runs it again.
    case failed
    case cancelled
    /// A newer job did what this one was for.
    case superseded

    package var isEnded: Bool {
        switch self {
        case .available, .scheduled, .retrying, .running: false
        case .succeeded, .failed, .cancelled, .superseded: true
        }
    }

    package var isWaiting: Bool { !isEnded && self != .running }
}
