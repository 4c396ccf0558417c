import Basics
import Forge
import Review
import Storage

/// Which findings each review we posted tells, written down before it is sent. When its answer is lost these are looked for, all of them:
/// a forge's list may show some comments of a review before the others, and a model may find other things the second time.
enum ReviewPosts {
    static let migrations: [Migration] = [
        Migration(id: "review-posts-001") { _ in
            [
                """
                CREATE TABLE review_posts (
                    stable_key TEXT NOT NULL PRIMARY KEY, pull_request TEXT NOT NULL, fingerprints TEXT NOT NULL)
                """,
                "CREATE INDEX review_posts_by_pull_request ON review_posts (pull_request)",
            ]
        }
    ]

    /// So long after its answer a forge's lists may still lack a review.
    static let lag = Duration.seconds(60)

    struct Post: Sendable, Hashable {
        let stableKey: String
        let fingerprints: Set<Fingerprint>
        let state: EffectState
        let confirmedAt: Timestamp?
    }

    static func note(_ fingerprints: Set<Fingerprint>, as stableKey: String, of pullRequest: String, in transaction: any Transaction) throws
    {
        let sql = """
            INSERT INTO review_posts (stable_key, pull_request, fingerprints) VALUES (?, ?, ?)
            ON CONFLICT (stable_key) DO UPDATE SET fingerprints = excluded.fingerprints
            """
        let words = fingerprints.map(\.text).sorted().joined(separator: " ")
        try transaction.execute(sql, [.text(stableKey), .text(pullRequest), .text(words)])
    }

    /// Those that were sent, or may have been.
    static func posts(of pullRequest: String, in transaction: any Transaction) throws -> [Post] {
        let sql = """
            SELECT review_posts.stable_key AS stable_key, fingerprints, state, confirmed_at FROM review_posts
            JOIN effects ON effects.stable_key = review_posts.stable_key
            WHERE pull_request = ? AND state IN ('sending', 'confirmed') ORDER BY review_posts.stable_key
            """
        return try transaction.query(sql, [.text(pullRequest)]).compactMap { row in
            guard let state = EffectState(rawValue: try row.text("state")) else { return nil }
            let words = try row.text("fingerprints").split(separator: " ")
            return Post(
                stableKey: try row.text("stable_key"), fingerprints: Set(words.compactMap { Fingerprint(String($0)) }), state: state,
                confirmedAt: try row.optionalInteger("confirmed_at").map { Timestamp(microseconds: $0) })
        }
    }
}
