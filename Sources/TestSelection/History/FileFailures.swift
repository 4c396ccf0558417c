import Glibc

/// Which tests failed in the past when the files of a change were touched.
struct FileFailures: Sendable {
    private var failed: [TestID: Double] = [:]
    private var usual: [TestID: Double] = [:]
    /// Red sessions whose change touched one of the files.
    private(set) var sessions = 0.0
    private var redSessions = 0.0

    /// So many sessions' worth is the belief that a file is like any other.
    private static let priorSessions = 2.0

    init(_ history: RunHistory, changed: Set<String>) {
        let flips = history.flippedFailures
        for (index, session) in history.sessions.enumerated() where !session.failed.isEmpty {
            guard let files = session.changed else { continue }
            redSessions += 1
            // Of several files each is as likely to be the cause.
            let share = Double(files.count(where: changed.contains)) / Double(max(1, files.count))
            sessions += share
            for unit in session.failed where !flips.contains(RunHistory.Flip(session: index, unit: unit)) {
                usual[history.units[unit], default: 0] += 1
                if share > 0 { failed[history.units[unit], default: 0] += share }
            }
        }
    }

    /// What it adds to the log-odds that the test fails; never below zero.
    func share(_ test: TestID) -> Double {
        guard sessions > 0, let together = failed[test] else { return 0 }
        let prior = (usual[test] ?? 0) / max(1, redSessions)
        let rate = (together + Self.priorSessions * prior) / (sessions + Self.priorSessions)
        return max(0, logOdds(rate) - logOdds(prior)) + Self.base
    }

    /// Having failed at all with these files speaks for a test that often fails as well.
    private static let base = 1.0

    func reason(_ test: TestID) -> String? {
        guard let together = failed[test], together >= 0.5 else { return nil }
        return "failed in \(Int(together.rounded(.up))) of \(Int(sessions.rounded(.up))) red runs in which these files changed"
    }
}
