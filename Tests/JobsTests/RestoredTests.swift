import Basics
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct RestoredTests {
    private func perform(_ store: EffectStore, there: String?, sent: Notes) async throws -> EffectReceipt {
        try await store.perform(Effect(stableKey: "k", kind: "comment", content: "c"), probe: { there }) { known in
            sent.add(known)
            return known ?? "new"
        }
    }

    @Test func `after a restore the forge is asked before anything is sent`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.write { try QueueSchema.markRestored(in: $0) }
        let sent = Notes()
        let receipt = try await perform(EffectStore(queue: fixture.queue), there: "77", sent: sent)
        #expect(receipt == EffectReceipt(remoteID: "77", way: .updated))
        #expect(sent.all == ["77"])
    }

    @Test func `a run without memory finds what an earlier run made`() async throws {
        let sent = Notes()
        for there in [nil, "new"] {
            let fixture = try await QueueFixture()
            _ = try await perform(EffectStore(queue: fixture.queue, looksFirst: true), there: there, sent: sent)
        }
        #expect(sent.all == [nil, "new"])
    }

    @Test(arguments: QueueFixture.engines) func `the check finds rows that make no sense`(_ engine: QueueFixture.Engine) async throws {
        let fixture = try await QueueFixture(engine: engine)
        let id = try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null)).id
        #expect(try await QueueCheck.findings(in: fixture.database).isEmpty)
        try await fixture.database.write { try $0.execute("UPDATE jobs SET state = 'nonsense'") }
        #expect(try await QueueCheck.findings(in: fixture.database) == ["a job has a state nobody knows: \(id)"])
        await fixture.database.close()
    }
}

/// What was sent, in order.
private final class Notes: Sendable {
    private let values = Mutex<[String?]>([])

    func add(_ value: String?) { values.withLock { $0.append(value) } }
    var all: [String?] { values.withLock { $0 } }
}
