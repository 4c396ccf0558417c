import Basics
import Jobs
import Storage
import TestSupport
import Testing

/// Two versions of the program on one database, as during every deployment.
@Suite struct VersionsTests {
    private static let newer = Migration(id: "queue-999-newer") { _ in
        ["ALTER TABLE jobs ADD COLUMN mood TEXT", "ALTER TABLE deliveries ADD COLUMN mood TEXT", "CREATE TABLE moods (id BIGINT)"]
    }

    @Test(arguments: QueueFixture.engines) func `an older version starts and works beside a newer one's tables`(
        engine: QueueFixture.Engine
    ) async throws {
        let fixture = try await QueueFixture(engine: engine)
        try await fixture.database.migrate(QueueSchema.migrations + [Self.newer])
        try await fixture.database.migrate(QueueSchema.migrations)
        _ = try await fixture.inbox.accept(fixture.delivery("1"))
        let stored = try #require(try await fixture.inbox.pending().first)
        try await fixture.inbox.settle(stored, .handled(jobs: [JobRequest(kind: "work", payload: .null)], because: "a test"))
        let older = fixture.worker([ClosureHandler { _ in .done }], owner: "older")
        // What only the newer version knows waits for it.
        try await fixture.queue.enqueue(JobRequest(kind: "newer-work", payload: .null))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await older.run() }
            try await eventually { try await fixture.queue.jobs(in: [.succeeded]).count == 1 }
            await older.stop(grace: .zero)
            group.cancelAll()
        }
        #expect(try await fixture.queue.jobs(in: [.available]).map(\.kind) == ["newer-work"])
        await fixture.database.close()
    }
}
