package import Storage

/// Whether the rows make sense together, whatever wrote them.
package enum QueueCheck {
    private static let rules: [(String, String)] = [
        (
            "two jobs of one concurrency key run",
            "SELECT concurrency_key AS subject FROM jobs WHERE state = 'running' AND concurrency_key IS NOT NULL GROUP BY concurrency_key HAVING COUNT(*) > 1"
        ),
        ("a job has a state nobody knows", "SELECT id AS subject FROM jobs WHERE state NOT IN (\(states))"),
        (
            "a job waits for jobs that are over",
            "SELECT id AS subject FROM jobs WHERE open_needs > 0 AND state = 'scheduled' AND NOT EXISTS (SELECT 1 FROM job_needs WHERE job = jobs.id AND is_open = 1)"
        ),
        (
            "an effect is confirmed without an object",
            "SELECT stable_key AS subject FROM effects WHERE state = 'confirmed' AND remote_id IS NULL"
        ),
        (
            "a job names a delivery that is not there",
            "SELECT id AS subject FROM jobs WHERE delivery IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = jobs.delivery)"
        ),
    ]

    private static let states = JobState.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    /// One line a fault, at most ten of a sort; empty when all is well.
    package static func findings(in database: any Database) async throws -> [String] {
        try await database.read { transaction in
            try rules.flatMap { rule in
                try transaction.query(rule.1 + " LIMIT 10").map { "\(rule.0): \(try $0.text("subject"))" }
            }
        }
    }
}
