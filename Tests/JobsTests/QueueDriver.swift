@testable import Jobs

/// The queue's inner calls, one at a time, for tests that play the worker themselves.
struct QueueDriver {
    let queue: JobQueue

    func claim(upTo limit: Int) async throws -> [JobID] {
        try await queue.write { try $0.claim(lane: .review, kinds: ["work"], limit: limit, owner: "driver") }.map(\.id)
    }

    func apply(_ event: JobEvent, to id: JobID) async throws -> JobAction {
        try await queue.write { try $0.apply(event, to: id) }
    }
}
