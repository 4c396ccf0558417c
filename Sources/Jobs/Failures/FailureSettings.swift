package import Basics
package import FailureAnalysis

/// What the operator chose about issues for failed runs.
package struct FailureSettings: Sendable, Hashable {
    package var incidents: IncidentSettings
    /// At least one: by the first we find our issues again.
    package var labels: [String]
    /// Logins on the forge.
    package var assignees: [String]
    /// A longer log is not read, and the issue says so.
    package var logLimit: ByteCount
    /// Logs read of one run; further failed jobs are told by their names and steps.
    package var mostLogs: Int

    /// No two messages about one incident closer than this; its opening is always told.
    package var noticeCooldown: Duration

    package static let defaultLabel = "ci-failure"

    package init(
        incidents: IncidentSettings = IncidentSettings(), labels: [String] = [defaultLabel], assignees: [String] = [],
        logLimit: ByteCount = .mebibytes(64), mostLogs: Int = 20, noticeCooldown: Duration = .seconds(900)
    ) {
        self.incidents = incidents
        self.labels = labels.isEmpty ? [Self.defaultLabel] : labels
        self.assignees = assignees
        self.logLimit = logLimit
        self.mostLogs = mostLogs
        self.noticeCooldown = noticeCooldown
    }
}
