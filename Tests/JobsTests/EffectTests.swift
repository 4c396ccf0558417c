import Basics
import Forge
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

/// A forge with one kind of object, whose answers can be lost before or after the write.
private final class FlakyForge: Sendable {
    enum Fault: Sendable {
        case none, refused, lostBefore, lostAfter
    }

    struct State {
        var objects: [String: String] = [:]
        var faults: [Fault] = []
        var sends = 0
        var probes = 0
        /// Probes that see nothing yet.
        var lag = 0
    }

    let state = Mutex(State())

    init(_ faults: [Fault] = [], lag: Int = 0) {
        state.withLock {
            $0.faults = faults
            $0.lag = lag
        }
    }

    func probe() -> String? {
        state.withLock { state in
            state.probes += 1
            if state.probes <= state.lag { return nil }
            return state.objects.keys.min()
        }
    }

    func send(_ known: String?, _ body: String) throws -> String {
        try state.withLock { state in
            state.sends += 1
            let fault = state.faults.isEmpty ? Fault.none : state.faults.removeFirst()
            if fault == .refused { throw ForgeError.refused(resource: "r", reason: "no") }
            if fault == .lostBefore { throw ForgeError.ambiguous(resource: "r", reason: "reset") }
            if let known, state.objects[known] == nil { throw ForgeError.notFound(resource: known) }
            let id = known ?? "\(state.objects.count + 1)"
            state.objects[id] = body
            if fault == .lostAfter { throw ForgeError.ambiguous(resource: "r", reason: "reset") }
            return id
        }
    }

    var objects: [String: String] { state.withLock { $0.objects } }
    var sends: Int { state.withLock { $0.sends } }
}

@Suite struct EffectTests {
    private func perform(_ store: EffectStore, _ forge: FlakyForge, _ body: String) async throws -> EffectReceipt {
        let effect = Effect(stableKey: "summary:pr-1", kind: "comment", content: body)
        return try await store.perform(effect, probe: { forge.probe() }, send: { try forge.send($0, body) })
    }

    /// Performs with the clock moving by itself.
    private func performMovingClock(_ fixture: QueueFixture, _ forge: FlakyForge, _ body: String) async throws -> EffectReceipt {
        let store = EffectStore(queue: fixture.queue)
        let mover = Task {
            while !Task.isCancelled {
                if fixture.clock.sleeperCount > 0 { fixture.clock.advance(by: .seconds(1)) }
                await Task.yield()
            }
        }
        defer { mover.cancel() }
        return try await perform(store, forge, body)
    }

    @Test func `the same content is sent once, other content updates what is there`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge()
        let store = EffectStore(queue: fixture.queue)
        #expect(try await perform(store, forge, "one") == EffectReceipt(remoteID: "1", way: .created))
        #expect(try await perform(store, forge, "one") == EffectReceipt(remoteID: "1", way: .unchanged))
        #expect(try await perform(store, forge, "two") == EffectReceipt(remoteID: "1", way: .updated))
        #expect(forge.objects == ["1": "two"])
        #expect(forge.sends == 2)
    }

    @Test func `an answer lost after the write is found again and nothing is sent twice`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge([.lostAfter])
        #expect(try await performMovingClock(fixture, forge, "one").way == .found)
        #expect(forge.sends == 1)
        #expect(forge.objects == ["1": "one"])
    }

    @Test func `a request lost before the write is sent again, after the time a late one may take`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge([.lostBefore])
        #expect(try await performMovingClock(fixture, forge, "one").way == .created)
        #expect(forge.sends == 2)
        #expect(forge.objects.count == 1)
        #expect(fixture.clock.uptime >= .seconds(5))
    }

    @Test func `a forge that lags behind gets no second object`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge([.lostAfter], lag: 1)
        #expect(try await performMovingClock(fixture, forge, "one").way == .found)
        #expect(forge.sends == 1)
    }

    @Test func `after a crash in the middle of sending, the next process looks before it sends`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge()
        struct Crash: Error {}
        let effect = Effect(stableKey: "summary:pr-1", kind: "comment", content: "one")
        // The first process dies after the write and before the answer: nothing after `send` runs. A database error stops there too.
        await #expect(throws: DatabaseError.closed) {
            try await EffectStore(queue: fixture.queue).perform(effect, probe: { nil }) { known in
                _ = try forge.send(known, "one")
                throw DatabaseError.closed
            }
        }
        #expect(try await performMovingClock(fixture, forge, "one") == EffectReceipt(remoteID: "1", way: .found))
        #expect(forge.sends == 1)
    }

    @Test func `what is found with older content is updated`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge()
        let effect = Effect(stableKey: "summary:pr-1", kind: "comment", content: "one")
        await #expect(throws: DatabaseError.closed) {
            try await EffectStore(queue: fixture.queue).perform(effect, probe: { nil }) { known in
                _ = try forge.send(known, "one")
                throw DatabaseError.closed
            }
        }
        #expect(try await performMovingClock(fixture, forge, "two") == EffectReceipt(remoteID: "1", way: .updated))
        #expect(forge.objects == ["1": "two"])
    }

    @Test func `a refusal is thrown on, and the next try sends without looking`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge([.refused])
        let store = EffectStore(queue: fixture.queue)
        await #expect(throws: ForgeError.refused(resource: "r", reason: "no")) { try await perform(store, forge, "one") }
        #expect(try await perform(store, forge, "one").way == .created)
        #expect(forge.state.withLock { $0.probes } == 0)
    }

    @Test func `what somebody deleted is made again`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge()
        let store = EffectStore(queue: fixture.queue)
        _ = try await perform(store, forge, "one")
        forge.state.withLock { $0.objects = [:] }
        _ = try await perform(store, forge, "two")
        #expect(forge.objects == ["1": "two"])
    }

    @Test func `an update whose answer was lost is repeated on the same object`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge([.none, .lostAfter])
        _ = try await performMovingClock(fixture, forge, "one")
        #expect(try await performMovingClock(fixture, forge, "two").remoteID == "1")
        #expect(forge.objects == ["1": "two"])
    }

    @Test(arguments: 1...40) func `under any sequence of losses there is one object, with the newest content`(seed: Int) async throws {
        let fixture = try await QueueFixture(seed: UInt64(seed))
        let chance = SeededRandom(seed: UInt64(seed))
        let forge = FlakyForge((0..<12).map { _ in [.none, .lostBefore, .lostAfter, .refused][chance.below(4)] }, lag: chance.below(2))
        var last = ""
        for number in 0..<8 {
            last = "content \(number / 2)"
            for _ in 0..<8 where (try? await performMovingClock(fixture, forge, last)) != nil { break }
        }
        #expect(forge.objects == ["1": last])
    }

    @Test func `every step of an effect is in the audit log`() async throws {
        let fixture = try await QueueFixture()
        _ = try await perform(EffectStore(queue: fixture.queue), FlakyForge(), "one")
        let actions = try await AuditLog(database: fixture.database).entries().map(\.entry.action)
        #expect(actions == ["effect.confirmed", "effect.sending", "effect.intended"])
    }

    @Test func `without an audit row nothing is sent`() async throws {
        let fixture = try await QueueFixture()
        let forge = FlakyForge()
        try await fixture.database.write { try $0.execute("DROP TABLE audit") }
        await #expect(throws: DatabaseError.self) { try await perform(EffectStore(queue: fixture.queue), forge, "one") }
        #expect(forge.sends == 0)
    }

    @Test func `the marker stays the same over restarts and is another under another key`() async throws {
        let fixture = try await QueueFixture()
        let first = try await EffectMarker.load(from: fixture.database, override: nil)
        let again = try await EffectMarker.load(from: fixture.database, override: nil)
        let other = try await EffectMarker.load(from: fixture.database, override: Secret("chosen"))
        #expect(first.comment(for: "k") == again.comment(for: "k"))
        #expect(first.comment(for: "k") != first.comment(for: "l"))
        #expect(first.comment(for: "k") != other.comment(for: "k"))
        #expect(first.isIn(UntrustedText("text\n" + first.comment(for: "k")), for: "k"))
        #expect(!first.isIn(UntrustedText(other.comment(for: "k")), for: "k"))
    }
}
