import Basics
import FailureAnalysis
import Forge
import Storage
import TestSelection

/// What failing logs say of tests goes to the repository's history of tests, where no report of the runner has told it already.
///
/// A failed job names tests; the next success of the same job on the branch says that they pass again. A log names no other passing
/// test, so nothing is learnt of those.
enum LoggedTests {
    static let migration = Migration(id: "failures-003-logged-tests") { _ in
        [
            """
            CREATE TABLE logged_tests (
                repository TEXT NOT NULL, branch TEXT NOT NULL, job TEXT NOT NULL, tests TEXT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (repository, branch, job))
            """,
            "CREATE INDEX logged_tests_age ON logged_tests (at)",
        ]
    }

    /// Rows this old wait for a success that never comes.
    private static let kept = Duration.seconds(90 * 86_400)
    private static let mostTests = 500

    /// Once for each job row, however often it is taken up. A fork's log may say anything and is not learnt from.
    static func learn(from run: FinishedRun, _ job: JobContext) async throws {
        guard !run.isFork, !run.commit.isEmpty, !run.branch.isEmpty else { return }
        let (now, id) = (job.clock.now, job.job.id)
        try await job.write { transaction in
            guard try TestHistories.misses(foundBy: id, in: transaction) == nil else { return }
            let stored = try TestHistories.load(run.repository, in: transaction)
            guard stored.problem == nil else { return }
            var history = stored.history
            let told = Set(history.sessions.filter { $0.commit == run.commit }.flatMap { history.failed(in: $0) })
            var cases: [ReportedCase] = []
            for finished in run.jobs {
                let row: [SQLValue] = [
                    .text(TestHistories.key(run.repository)), .text(run.branch), .text(finished.attempt.job),
                ]
                switch finished.outcome {
                case .failed(let accounts):
                    let failed = failed(accounts).filter { test in
                        let units = recorded([test.reported], of: run, after: history).outcomes.map(\.unit)
                        return !units.contains(where: told.contains)
                    }
                    if !failed.isEmpty { try save(failed.map(\.name), row, at: now, in: transaction) }
                    cases += failed.map(\.reported)
                case .succeeded:
                    cases += try take(row, in: transaction).map { ReportedCase(logged: $0, verdict: .passed, seconds: nil) }
                case .cancelled, .skipped: continue
                }
            }
            let learnt = recorded(cases, of: run, after: history)
            guard !learnt.outcomes.isEmpty, learnt.fault == nil else { return }
            history.add(learnt)
            try TestHistories.save(history, of: run.repository, at: now, in: transaction)
            try TestHistories.note([], foundBy: id, at: now, in: transaction)
        }
    }

    private struct FailedTest {
        let name: String
        let reported: ReportedCase
    }

    private static func failed(_ accounts: [FailureAccount]) -> [FailedTest] {
        var names: Set<String> = []
        let observed = accounts.flatMap { $0.report.observedTests ?? [] }.filter { names.insert($0.name.raw).inserted }
        // pytest heads a failure with the bare name and lists it with its file at the end.
        let whole = observed.filter { test in
            let end = "::" + test.name.raw.replacingExactly(".", with: "::")
            return !names.contains { $0.hasSuffix(end) }
        }
        return whole.prefix(mostTests).map {
            FailedTest(name: $0.name.raw, reported: ReportedCase(logged: $0.name.raw, verdict: .failed, seconds: $0.seconds))
        }
    }

    private static func recorded(_ cases: [ReportedCase], of run: FinishedRun, after history: RunHistory) -> RecordedRun {
        RecordedRun(logged: cases, commit: run.commit, branch: run.branch, after: history)
    }

    private static func save(_ names: [String], _ row: [SQLValue], at now: Timestamp, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO logged_tests (repository, branch, job, tests, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (repository, branch, job) DO UPDATE SET tests = excluded.tests, at = excluded.at
            """
        try transaction.execute(sql, row + [.text(JSONValue(encoding: names).text), .integer(now.microseconds)])
        try transaction.execute("DELETE FROM logged_tests WHERE at < ?", [.integer((now - kept).microseconds)])
    }

    private static func take(_ row: [SQLValue], in transaction: any Transaction) throws -> [String] {
        let place = "WHERE repository = ? AND branch = ? AND job = ?"
        guard let found = try transaction.query("SELECT tests FROM logged_tests \(place)", row).first else { return [] }
        try transaction.execute("DELETE FROM logged_tests \(place)", row)
        return try JSONValue(parsing: found.text("tests").utf8).decoded(as: [String].self)
    }
}
