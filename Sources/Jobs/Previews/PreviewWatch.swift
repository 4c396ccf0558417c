import Basics
import Forge
import Previews
import Storage

/// Ends a build that nobody wants any more: a newer head was pushed, or the pull request was closed, while it ran.
struct PreviewWatch: Sendable {
    let world: PreviewWorld
    let job: JobContext
    let record: PreviewRecord

    private static let pause = Duration.seconds(3)

    private enum Outcome: Sendable {
        case built(Result<PreviewAddress, PreviewFailure>)
        case overtaken
    }

    /// What `build` gave; `nil` when it was ended because of something newer.
    func whileWanted(
        _ head: CommitID, _ build: @escaping @Sendable () async throws(PreviewFailure) -> PreviewAddress
    ) async throws -> PreviewAddress? {
        let first = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do throws(PreviewFailure) { return .built(.success(try await build())) } catch { return .built(.failure(error)) }
            }
            group.addTask {
                try await waitForSomethingNewer(than: head)
                return .overtaken
            }
            defer { group.cancelAll() }
            return try await group.next()
        }
        switch first {
        case .built(let result): return try result.get()
        case .overtaken, nil: return nil
        }
    }

    /// Returns when a job that waits for this one has news; a look is taken only when there is a new one.
    private func waitForSomethingNewer(than head: CommitID) async throws {
        var known: Set<String> = []
        while true {
            try await job.clock.sleep(for: Self.pause)
            let waiting = try await waitingJobs()
            if waiting.isSubset(of: known) { continue }
            known.formUnion(waiting)
            // A forge that does not answer now is asked by the job that waits.
            guard case .pull(let pull, _, _)? = try? await PreviewLook(world: world).look(at: record.pullRequest) else { continue }
            if pull.state != .open || pull.head.commit != head { return }
        }
    }

    private func waitingJobs() async throws -> Set<String> {
        guard let key = job.job.concurrencyKey else { return [] }
        let sql = "SELECT id FROM jobs WHERE concurrency_key = ? AND state IN ('available', 'scheduled', 'retrying')"
        return try await job.read { transaction in Set(try transaction.query(sql, [.text(key)]).map { try $0.text("id") }) }
    }
}
