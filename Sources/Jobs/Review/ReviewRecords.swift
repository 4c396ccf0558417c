import Basics
import Forge
package import Storage

/// Which heads of which pull requests were reviewed, and which reviews were begun and not ended.
package struct ReviewRecords: Sendable {
    package static let migrations: [Migration] =
        [
            Migration(id: "review-001") { _ in
                [
                    """
                    CREATE TABLE reviews (
                        pull_request TEXT NOT NULL, head TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL, has_check BIGINT NOT NULL,
                        at BIGINT NOT NULL, PRIMARY KEY (pull_request, head, base))
                    """
                ]
            }
        ] + ReviewPosts.migrations

    enum State: String {
        /// A check of ours may stand open on the head.
        case begun
        case finished
        /// The model read none of it: worth another try when asked again by any event.
        case failed
        /// Another head, another base or the end of the pull request came first.
        case overtaken
    }

    /// One review: a head compared with a base branch.
    struct Key: Sendable, Hashable {
        let pullRequest: String
        let head: CommitID
        let base: String

        init(_ pull: PullRequest) {
            pullRequest = ReviewRequest.concurrencyKey(pull.reference)
            head = pull.head.commit
            base = pull.base.branch.raw
        }
    }

    static func state(of key: Key, in transaction: any Transaction) throws -> State? {
        let sql = "SELECT state FROM reviews WHERE pull_request = ? AND head = ? AND base = ?"
        return try transaction.query(sql, values(key)).first.flatMap { State(rawValue: try $0.text("state")) }
    }

    static func set(_ state: State, of key: Key, hasCheck: Bool, at now: Timestamp, in transaction: any Transaction) throws {
        let sql = """
            INSERT INTO reviews (pull_request, head, base, state, has_check, at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (pull_request, head, base) DO UPDATE SET state = excluded.state, has_check = excluded.has_check, at = excluded.at
            """
        let more: [SQLValue] = [.text(state.rawValue), .integer(hasCheck ? 1 : 0), .integer(now.microseconds)]
        try transaction.execute(sql, values(key) + more)
    }

    /// Heads of this pull request, other than `head`, on which a check of ours may stand open.
    static func openHeads(of pullRequest: String, except head: CommitID?, in transaction: any Transaction) throws -> [CommitID] {
        let sql = "SELECT DISTINCT head FROM reviews WHERE pull_request = ? AND state = 'begun' AND has_check = 1 AND head <> ?"
        return try transaction.query(sql, [.text(pullRequest), .text(head?.hex ?? "")]).compactMap { CommitID(try $0.text("head")) }
    }

    static func overtake(_ head: CommitID, of pullRequest: String, at now: Timestamp, in transaction: any Transaction) throws {
        let sql = "UPDATE reviews SET state = 'overtaken', at = ? WHERE pull_request = ? AND head = ? AND state = 'begun'"
        try transaction.execute(sql, [.integer(now.microseconds), .text(pullRequest), .text(head.hex)])
    }

    private static func values(_ key: Key) -> [SQLValue] { [.text(key.pullRequest), .text(key.head.hex), .text(key.base)] }
}
